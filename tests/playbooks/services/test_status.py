"""How a service that is owed stands, and what share was kept."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.services.models import ServiceOccurrence
from playbooks.services.status import Attainment, percent_kept, status_of
from tests.playbooks.kit import calmly

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def owed(**fields):
    """Owed in Q4 2026 with 14 days of grace."""
    dates = {
        "starts_on": date(2026, 10, 1),
        "due_on": date(2026, 12, 31),
        "grace_days": 14,
        "missed_after": date(2027, 4, 2),
    }
    return ServiceOccurrence(**{**dates, **fields})


@pytest.mark.parametrize(
    ("today", "status"),
    [
        ("2026-09-30", "planned"),
        ("2026-10-01", "open"),
        ("2026-12-31", "open"),
        ("2027-01-14", "open"),
        ("2027-01-15", "late"),
        ("2027-04-02", "late"),
        ("2027-04-03", "missed"),
    ],
)
def test_what_is_not_delivered_moves_on_by_the_day(today, status):
    assert status_of(owed(), date.fromisoformat(today), NOON) == status


@pytest.mark.parametrize(
    ("delivered", "status"),
    [
        ("2026-10-01", "on_time"),
        ("2027-01-14", "on_time"),
        ("2027-01-15", "delivered_late"),
        ("2027-09-01", "delivered_late"),
    ],
)
def test_a_delivery_is_in_time_within_the_grace(delivered, status):
    one = owed(delivered_on=date.fromisoformat(delivered))
    assert status_of(one, date(2030, 1, 1), NOON) == status


def test_what_is_waived_stays_waived():
    assert status_of(owed(waived_at=NOON), date(2030, 1, 1), NOON) == "waived"


def request(**fields):
    """A request to be answered by noon."""
    day = NOON.date()
    return owed(starts_on=day, due_on=day, grace_days=0, answer_by=NOON, asked_at=NOON, **fields)


@pytest.mark.parametrize(
    ("now", "status"),
    [("11:59:59", "open"), ("12:00:00", "open"), ("12:00:01", "late"), ("23:00:00", "late")],
)
def test_a_request_is_late_from_its_hour_on(now, status):
    moment = datetime.fromisoformat(f"2026-11-25T{now}+00:00")
    assert status_of(request(), moment.date(), moment) == status


@pytest.mark.parametrize(("at", "status"), [("12:00:00", "on_time"), ("12:00:01", "delivered_late")])
def test_a_request_is_kept_when_answered_by_its_hour(at, status):
    moment = datetime.fromisoformat(f"2026-11-25T{at}+00:00")
    answered = request(answered_at=moment, delivered_on=moment.date())
    assert status_of(answered, moment.date(), moment) == status


@pytest.mark.parametrize(
    ("on_time", "of", "percent"),
    [(5, 6, 83), (1, 2, 50), (1, 8, 13), (0, 4, 0), (4, 4, 100), (0, 0, None), (999, 1000, 99), (1, 1000, 1)],
)
def test_percent_is_rounded_but_never_to_all_or_nothing(on_time, of, percent):
    assert percent_kept(on_time, of) == percent


def test_attainment_counts_what_should_have_been_delivered_by_now():
    found = Attainment(on_time=5, delivered_late=1, late=1, missed=1, open=7, planned=3, waived=2)
    assert (found.owed, found.not_in_time, found.percent) == (8, 2, 63)
    assert Attainment(open=3, waived=1).percent is None


@calmly
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percent_keeps_its_order(on_time, rest):
    percent = percent_kept(on_time, on_time + rest)
    assert (percent is None) == (on_time + rest == 0)
    if percent is not None:
        assert 0 <= percent <= 100
        assert percent <= (percent_kept(on_time + 1, on_time + 1 + rest) or 0)
