"""Periods of a cadence: published calendars as tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tiers.models import Per
from playbooks.services.periods import (
    missed_after,
    parts_between,
    period_of,
    period_words,
    split,
)
from tests.playbooks.kit import calmly
from tests.playbooks.services.kit import onboarding_part, renewal_part

CALENDAR = [Per.WEEK, Per.MONTH, Per.QUARTER, Per.HALF_YEAR, Per.YEAR]
DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("per", "on", "key", "first", "last"),
    [
        # ISO 8601 weeks over the turn of years: 2020 has 53, 2024 and 2025 begin in the year before.
        ("week", "2020-12-31", "2020-W53", "2020-12-28", "2021-01-03"),
        ("week", "2021-01-03", "2020-W53", "2020-12-28", "2021-01-03"),
        ("week", "2021-01-04", "2021-W01", "2021-01-04", "2021-01-10"),
        ("week", "2024-12-30", "2025-W01", "2024-12-30", "2025-01-05"),
        ("week", "2026-11-25", "2026-W48", "2026-11-23", "2026-11-29"),
        ("month", "2024-02-29", "2024-02", "2024-02-01", "2024-02-29"),
        ("month", "2100-02-01", "2100-02", "2100-02-01", "2100-02-28"),
        ("month", "2026-12-31", "2026-12", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-03-31", "2026-Q1", "2026-01-01", "2026-03-31"),
        ("quarter", "2026-10-01", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("half_year", "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30"),
        ("half_year", "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31"),
        ("year", "2024-12-31", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_the_calendar_period_of_a_day(per, on, key, first, last):
    period = period_of(per, date.fromisoformat(on))
    found = (period.key, str(period.starts_on), str(period.ends_on), period.promised_on)
    assert found == (key, first, last, period.starts_on)


def test_what_happens_once_has_no_calendar_period():
    with pytest.raises(ValueError, match="no calendar period"):
        period_of(Per.RENEWAL, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("per", "on", "times", "parts"),
    [
        ("quarter", "2026-05-01", 2, ["2026-04-01 2026-05-15", "2026-05-16 2026-06-30"]),
        ("quarter", "2026-10-01", 2, ["2026-10-01 2026-11-15", "2026-11-16 2026-12-31"]),
        ("week", "2026-11-25", 2, ["2026-11-23 2026-11-25", "2026-11-26 2026-11-29"]),
        ("month", "2024-02-10", 2, ["2024-02-01 2024-02-14", "2024-02-15 2024-02-29"]),
        (
            "month",
            "2026-02-10",
            3,
            ["2026-02-01 2026-02-09", "2026-02-10 2026-02-18", "2026-02-19 2026-02-28"],
        ),
    ],
)
def test_the_parts_of_a_split_period(per, on, times, parts):
    found = split(period_of(per, date.fromisoformat(on)), times)
    assert [f"{part.starts_on} {part.ends_on}" for part in found] == parts
    assert [part.key for part in found] == [f"{found[0].key[:-2]}/{n}" for n in range(1, times + 1)]


@calmly
@given(st.sampled_from(CALENDAR), DAYS, st.integers(1, 40))
def test_parts_cover_the_period_without_gaps(per, on, times):
    period = period_of(per, on)
    parts = split(period, times)
    assert (len(parts), len({part.key for part in parts})) == (times, times)
    assert (parts[0].starts_on, parts[-1].ends_on) == (period.starts_on, period.ends_on)
    assert {part.promised_on for part in parts} == {period.starts_on}
    assert all(part.starts_on <= part.middle <= part.ends_on for part in parts)
    if times <= period.days:
        lengths = [part.days for part in parts]
        assert (sum(lengths), max(lengths) - min(lengths) <= 1) == (period.days, True)
        ends = [part.ends_on + timedelta(days=1) for part in parts[:-1]]
        assert ends == [part.starts_on for part in parts[1:]]


def test_more_parts_than_days_share_days():
    parts = split(period_of("week", date(2026, 11, 25)), 10)
    assert [part.days for part in parts] == [1] * 10
    assert (parts[0].starts_on, parts[-1].ends_on) == (date(2026, 11, 23), date(2026, 11, 29))


@pytest.mark.parametrize(
    ("per", "on", "middle"),
    [
        ("quarter", "2026-10-01", "2026-11-15"),  # 92 days: the last of the first 46
        ("quarter", "2026-04-01", "2026-05-16"),  # 91 days: the one in the middle
        ("week", "2026-11-25", "2026-11-26"),  # Thursday
        ("month", "2024-02-01", "2024-02-15"),
        ("year", "2024-01-01", "2024-07-01"),
    ],
)
def test_the_middle_day_ends_the_first_half(per, on, middle):
    assert str(period_of(per, date.fromisoformat(on)).middle) == middle


def test_parts_between_two_days_touch_both_ends():
    keys = [part.key for part in parts_between("quarter", 2, date(2026, 2, 20), date(2026, 7, 1))]
    assert keys == ["2026-Q1/2", "2026-Q2/1", "2026-Q2/2", "2026-Q3/1"]
    weeks = [part.key for part in parts_between("week", 1, date(2026, 12, 27), date(2027, 1, 4))]
    assert weeks == ["2026-W52", "2026-W53", "2027-W01"]
    assert list(parts_between("year", 1, date(2027, 1, 1), date(2026, 12, 31))) == []


def test_what_happens_once_is_due_around_its_date():
    first = onboarding_part(date(2026, 11, 25))
    assert (first.key, str(first.starts_on), str(first.ends_on)) == ("onboarding", "2026-11-25", "2026-12-25")
    renewal = renewal_part(date(2027, 3, 1))
    assert (renewal.key, str(renewal.starts_on), str(renewal.ends_on)) == (
        "renewal 2027-03-01",
        "2026-12-01",
        "2027-01-30",
    )


@pytest.mark.parametrize(
    ("days", "grace", "last"), [(92, 14, "2027-04-02"), (7, 14, "2027-01-14"), (90, 0, "2027-03-31")]
)
def test_missed_begins_a_period_after_the_date_but_never_within_the_grace(days, grace, last):
    assert str(missed_after(date(2026, 12, 31), days, grace)) == last


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2026-Q4", "Q4 2026"),
        ("2026-Q4/2", "Q4 2026, part 2"),
        ("2026-H2", "H2 2026"),
        ("2026-W05", "Week 5, 2026"),
        ("2026-11", "Nov 2026"),
        ("2026", "2026"),
        ("onboarding", "Onboarding"),
        ("renewal 2027-03-01", "Renewal of 1 Mar 2027"),
        ("request 12", "Request 12"),
    ],
)
def test_periods_in_words(key, words):
    assert period_words(key) == words
