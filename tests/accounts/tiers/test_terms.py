"""What tiers promise on a day."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.tiers.actions import add_tier
from accounts.tiers.models import Service, ServiceLevel, TierVersion
from accounts.tiers.terms import quarterly_hours, terms_of_tiers
from tests.kit import BY


@pytest.mark.parametrize(
    ("times", "per", "hours", "expected"),
    [
        (1, "week", "0.5", "6.5"),
        (2, "month", "1.5", "9"),
        (1, "quarter", "8", "8"),
        (1, "half_year", "8", "4"),
        (2, "year", "8", "4"),
        (1, "onboarding", "20", "0"),
        (1, "renewal", "5", "0"),
    ],
)
def test_hours_of_a_quarter(times, per, hours, expected):
    assert quarterly_hours(times, per, Decimal(hours)) == Decimal(expected)


def promise(tier, number, starts_on, times):
    version = TierVersion.objects.create(tier=tier, number=number, starts_on=starts_on, actor="Test")
    service = Service.objects.get_or_create(name="QBR", kind="qbr")[0]
    ServiceLevel.objects.create(version=version, service=service, times=times, per="quarter", hours=8)


def test_the_version_in_effect_counts(here, elsewhere, django_assert_num_queries):
    elsewhere.open()
    promise(add_tier(by=BY, name="Top"), 1, date(2026, 1, 1), 9)
    here.open()
    top = add_tier(by=BY, name="Top")
    promise(top, 1, date(2026, 1, 1), 1)
    promise(top, 2, date(2026, 7, 1), 3)

    def times(on):
        with django_assert_num_queries(1):
            return [(t.service, t.times) for found in terms_of_tiers(on).values() for t in found.values()]

    assert times(date(2025, 12, 31)) == []
    assert times(date(2026, 6, 30)) == [("QBR", 1)]
    assert times(date(2026, 7, 1)) == [("QBR", 3)]
