"""Formulas against the numbers of the issue, and the calendar of quarters."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.capacity.arithmetic import (
    Calendar,
    Price,
    accounts_served,
    away_share,
    calendar_of,
    deciding_day,
    hours_in,
    price_of,
    productive_hours,
    quarter_of,
    quarters_from,
    renewal_quarters,
    working_days,
    years_later,
)
from tests.playbooks.capacity.kit import D, terms
from tests.playbooks.kit import calmly

Q = quarters_from(date(2026, 11, 25))


def test_hours_and_accounts_of_the_issue():
    hours = productive_hours(D(40), D("0.25"), D("0.15"))
    assert hours == D("331.5")
    assert round(accounts_served(hours, D(16)), 1) == D("20.7")
    with pytest.raises(ValueError, match="without limit"):
        accounts_served(hours, D(0))


def test_calendar_counts_once_it_takes_more_than_the_leave_share():
    assert productive_hours(D(40), D("0.25"), D("0.15"), D("0.1")) == D("331.5")
    assert productive_hours(D(40), D("0.25"), D("0.15"), D("0.5")) == D(195)
    assert productive_hours(D(40), D("0.25"), D("0.15"), D(1)) == 0


def test_quarters_and_the_day_that_decides():
    days = ["2026-10-01", "2027-01-01", "2027-04-01", "2027-07-01", "2027-10-01"]
    assert [start.isoformat() for start in Q] == days
    assert deciding_day(Q[0], date(2026, 10, 2)) == date(2026, 11, 16)
    assert deciding_day(Q[0], date(2026, 11, 25)) == date(2026, 11, 25)
    assert deciding_day(Q[1], date(2026, 11, 25)) == date(2027, 2, 15)
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2027, 3, 31), date(2027, 12, 31), date(2028, 1, 1)]
    assert [quarter_of(Q, day) for day in days] == [None, 0, 1, 4, None]
    assert quarter_of(Q, None) is None


@calmly
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_working_days_are_mondays_to_fridays(first, length):
    days = [date.fromordinal(first.toordinal() + n) for n in range(length)]
    last = date.fromordinal(first.toordinal() + length - 1)
    assert working_days(first, last) == sum(day.weekday() < 5 for day in days)


def test_absences_count_working_days_once():
    start = date(2026, 10, 1)
    assert working_days(start, date(2026, 12, 31)) == 66
    week = (date(2026, 10, 5), date(2026, 10, 11))
    assert away_share(start, [week]) == D(5) / 66
    assert away_share(start, [week, (date(2026, 10, 7), date(2026, 10, 12))]) == D(6) / 66
    assert away_share(start, [(date(2026, 1, 1), date(2027, 12, 31))]) == 1
    assert (
        away_share(start, [(date(2026, 10, 3), date(2026, 10, 4)), (date(2027, 1, 1), date(2027, 2, 1))]) == 0
    )
    assert away_share(start, []) == 0


def test_price_sums_what_is_owed_by_quarter_and_once():
    levels = [
        terms(1, 1, "quarter", 8),
        terms(2, 2, "month", "0.5"),
        terms(3, 1, "year", 4),
        terms(4, 1, "week", "0.1"),
        terms(5, 1, "half_year", 3),
        terms(6, 1, "onboarding", 20),
        terms(7, 1, "renewal", 6),
    ]
    assert price_of(levels) == Price(D("14.8"), D(20), D(6))


@pytest.mark.parametrize(
    ("renewal_on", "quarters"),
    [
        (date(2027, 1, 20), (0, 4)),
        (date(2027, 3, 1), (1,)),
        (date(2020, 3, 1), (1,)),
        (date(2024, 2, 29), (1,)),
        (date(2035, 1, 1), ()),
        (date(2028, 1, 20), (4,)),
        (None, ()),
    ],
)
def test_renewals_are_prepared_thirty_days_before_each_year(renewal_on, quarters):
    assert renewal_quarters(Q, renewal_on) == quarters


def test_leap_days_have_an_anniversary():
    assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("since", "onboards", "expected"),
    [
        (date(2025, 5, 1), False, Calendar(0, None, ())),
        (date(2025, 5, 1), True, Calendar(0, 0, ())),
        (date(2026, 10, 5), False, Calendar(0, 0, ())),
        (date(2027, 2, 1), False, Calendar(1, 1, ())),
        (date(2027, 2, 1), True, Calendar(1, 1, ())),
        (date(2029, 1, 1), True, Calendar(5, None, ())),
        (None, True, Calendar(0, 0, ())),
        (None, False, Calendar(0, None, ())),
    ],
)
def test_onboarding_and_the_first_quarter(since, onboards, expected):
    assert calendar_of(Q, since, None, onboards) == expected


def test_hours_of_an_account_in_each_quarter():
    calendar = calendar_of(Q, date(2027, 2, 1), date(2028, 1, 20), onboards=False)
    price = Price(Decimal(5), Decimal(20), Decimal(6))
    assert [hours_in(price, calendar, n) for n in range(5)] == [0, 25, 5, 5, 11]
