"""Working days over changes of the clocks, ends of years and weeks without work."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csworkspace.calendar.workdays import (
    WorkWeek,
    add_workdays,
    days_within,
    last_workday_before,
    moment_of,
    next_workday,
    workdays_between,
)
from tests.playbooks.kit import calmly

USUAL = WorkWeek()
CHRISTMAS = WorkWeek(holidays=frozenset({date(2026, 12, 25), date(2027, 1, 1)}))


@pytest.mark.parametrize(
    ("day", "number", "week", "found"),
    [
        (date(2026, 3, 27), 1, USUAL, date(2026, 3, 30)),  # the clocks of Europe change in between
        (date(2026, 10, 23), 1, USUAL, date(2026, 10, 26)),  # and back
        (date(2026, 12, 31), 1, CHRISTMAS, date(2027, 1, 4)),  # over the year's end and a holiday
        (date(2026, 12, 24), 1, CHRISTMAS, date(2026, 12, 28)),
        (date(2028, 2, 28), 1, USUAL, date(2028, 2, 29)),
        (date(2026, 11, 28), 0, USUAL, date(2026, 11, 30)),  # a Saturday is no working day
        (date(2026, 11, 26), 5, WorkWeek(frozenset({3})), date(2026, 12, 31)),  # Thursdays only
    ],
)
def test_days_are_counted_as_people_work(day, number, week, found):
    assert add_workdays(day, number, week) == found


def test_absences_are_passed_over():
    away = days_within([(date(2026, 11, 27), date(2026, 12, 2))])
    assert add_workdays(date(2026, 11, 26), 1, USUAL, away) == date(2026, 12, 3)
    assert workdays_between(date(2026, 11, 26), date(2026, 12, 3), USUAL, away) == 1


def test_a_week_without_work_does_not_go_on_for_ever():
    nothing = WorkWeek(frozenset())
    assert next_workday(date(2026, 11, 26), nothing) == date(2026, 11, 26)
    assert last_workday_before(date(2026, 11, 26), nothing) == date(2026, 11, 25)


def test_the_working_day_before():
    assert last_workday_before(date(2026, 11, 30), USUAL) == date(2026, 11, 27)
    assert last_workday_before(date(2027, 1, 4), CHRISTMAS) == date(2026, 12, 31)


@calmly
@given(
    day=st.dates(date(2020, 1, 1), date(2035, 1, 1)).map(lambda day: next_workday(day, CHRISTMAS)),
    number=st.integers(0, 80),
)
def test_adding_and_counting_agree(day, number):
    end = add_workdays(day, number, CHRISTMAS)
    assert workdays_between(day, end, CHRISTMAS) == number
    assert workdays_between(end, day, CHRISTMAS) == -number


def test_moments_on_days_when_the_clocks_change():
    """02:30 does not exist on the one day, and twice on the other; 9 o'clock is 9 o'clock."""
    assert moment_of(date(2026, 3, 29), time(9), "Europe/Oslo") == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert moment_of(date(2026, 3, 28), time(9), "Europe/Oslo") == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert moment_of(date(2026, 3, 29), time(2, 30), "Europe/Oslo") == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )
    assert moment_of(date(2026, 10, 25), time(2, 30), "Europe/Oslo") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
