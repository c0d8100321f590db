"""An account's own terms of one service."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.tiering.hours import QuarterHours
from accounts.tiering.models import ServiceOverride
from accounts.tiering.overrides import OverrideRefused, add_override, end_override
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from csworkspace.tenancy.clock import today
from tests.accounts.tiering.makers import make_tiers, pays, promise
from tests.kit import BY

TERMS = {
    "times": 1, "per": "month", "hours": Decimal(2), "delivered_by": "person", "grace_days": 14,
    "response_hours": None, "is_owed": True, "reason": "Asked for it",
}  # fmt: skip


@pytest.fixture
def world(here):
    tier = make_tiers()["Top"]
    return pays("One", 5, tier=tier), promise(tier, Decimal(8))


def agree(world, starts_on, ends_on=None, **terms):
    account, service = world
    return add_override(
        account, by=BY, service=service, starts_on=starts_on, ends_on=ends_on, **{**TERMS, **terms}
    )


def hours(world):
    account, _ = world
    return QuarterHours(today()).of(account.pk, account.tier_id)


def test_own_terms_replace_those_of_the_tier(here, world):
    assert hours(world) == 8
    made = agree(world, today())
    assert hours(world) == 6
    assert Job.objects.filter(kind="attention.refresh").exists()
    assert end_override(made, by=BY, on=today() - timedelta(days=1))
    assert (hours(world), ServiceOverride.objects.count()) == (8, 0)
    agree(world, today(), is_owed=False)
    assert hours(world) == 0
    verbs = AuditEntry.objects.filter(verb__endswith="other terms").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "agreed other terms", "ended other terms", "agreed other terms",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends", "overlaps"),
    [
        (date(2026, 2, 1), None, False),
        (date(2026, 1, 31), None, True),
        (date(2025, 12, 1), date(2025, 12, 31), False),
        (date(2025, 12, 1), date(2026, 1, 1), True),
        (date(2026, 1, 10), date(2026, 1, 12), True),
        (date(2025, 1, 1), None, True),
    ],
)
def test_terms_of_one_service_do_not_overlap(here, world, starts, ends, overlaps):
    agree(world, date(2026, 1, 1), date(2026, 1, 31))
    if not overlaps:
        agree(world, starts, ends)
        assert ServiceOverride.objects.count() == 2
        return
    with pytest.raises(
        OverrideRefused, match=r"Review has its own terms from 1 Jan 2026 to 31 Jan 2026 already\. End those"
    ):
        agree(world, starts, ends)


def test_terms_end_once_and_not_later_than_they_do(here, world):
    made = agree(world, today() - timedelta(days=9))
    assert end_override(made, by=BY, on=today())
    assert not end_override(made, by=BY, on=today())
    assert not end_override(made, by=BY, on=today() + timedelta(days=5))
    assert ServiceOverride.objects.get().ends_on == today()


@pytest.mark.parametrize("days", [2, 9, 10, 400])
def test_what_was_owed_is_not_taken_back(here, world, days):
    made = agree(world, today() - timedelta(days=9))
    with pytest.raises(OverrideRefused, match="what was owed stays as it was"):
        end_override(made, by=BY, on=today() - timedelta(days=days))
    assert ServiceOverride.objects.get().ends_on is None
    assert end_override(made, by=BY, on=today() - timedelta(days=1))
    assert ServiceOverride.objects.get().ends_on == today() - timedelta(days=1)


def test_terms_that_have_not_begun_may_still_be_removed(here, world):
    made = agree(world, today() + timedelta(days=9))
    assert end_override(made, by=BY, on=today() - timedelta(days=30))
    assert ServiceOverride.objects.count() == 0


@pytest.mark.parametrize(("kind", "kept"), [("qbr", None), ("response", Decimal(4))])
def test_only_a_response_time_keeps_its_hours(here, world, kind, kept):
    service = world[1]
    service.kind = kind
    service.save()
    agree(world, today(), response_hours=Decimal(4))
    assert ServiceOverride.objects.get().response_hours == kept
