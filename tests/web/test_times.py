from datetime import UTC, date, datetime, timedelta

import pytest

from csworkspace.web import times as t

NB = "\u00a0"
TODAY = date(2026, 3, 14)


def test_days():
    assert t.day(TODAY) == "14 Mar 2026"
    assert t.day_short(TODAY) == "14 Mar"
    assert t.day_short(TODAY, date(2026, 12, 1)) == "14 Mar"
    assert t.day_short(TODAY, date(2027, 1, 1)) == "14 Mar 2026"
    assert t.month(TODAY) == "Mar 2026"
    quarters = [t.quarter(date(2026, m, 1)) for m in (1, 3, 4, 12)]
    assert quarters == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]
    writers = (t.day, t.day_short, t.month, t.quarter, t.moment, t.duration)
    assert [write(None) for write in writers] == ["\u2013"] * 6


def test_day_range():
    assert t.day_range(TODAY, TODAY) == "14 Mar 2026"
    assert t.day_range(date(2026, 3, 1), date(2026, 3, 31)) == "1\u201331 Mar 2026"
    assert t.day_range(date(2026, 1, 1), date(2026, 3, 31)) == "1 Jan \u2013 31 Mar 2026"
    assert t.day_range(date(2025, 10, 1), date(2026, 3, 31)) == "1 Oct 2025 \u2013 31 Mar 2026"


def test_moment_is_written_in_the_zone():
    utc = datetime(2026, 3, 14, 23, 5, tzinfo=UTC)
    assert t.moment(utc) == "14 Mar 2026, 23:05"
    assert t.moment(utc, "Europe/Berlin") == "15 Mar 2026, 00:05"
    assert t.moment(utc.replace(tzinfo=None), "Europe/Berlin") == "15 Mar 2026, 00:05"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (12, "in 12 days"),
        (-3, "3 days ago"),
        (59, "in 59 days"),
        (92, "in 3 months"),
        (-365, "12 months ago"),
        (730, "in 2 years"),
    ],
)
def test_relative_day(days, text):
    assert t.relative_day(TODAY + timedelta(days=days), TODAY) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"),
        (-59, "just now"),
        (-60, "1 minute ago"),
        (-3599, "59 minutes ago"),
        (-7200, "2 hours ago"),
        (90, "in 1 minute"),
        (-86_400, "yesterday"),
        (-3 * 86_400 - 5, "3 days ago"),
        (2 * 86_400 + 5, "in 2 days"),
    ],
)
def test_relative_moment(seconds, text):
    now = datetime(2026, 3, 14, 12, tzinfo=UTC)
    assert t.relative_moment(now + timedelta(seconds=seconds), now) == text


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (datetime(2026, 11, 25, 1, tzinfo=UTC), "23 hours ago"),
        (datetime(2026, 11, 21, 3, tzinfo=UTC), "5 days ago"),
        (datetime(2026, 11, 20, 22, tzinfo=UTC), "6 days ago"),
        (datetime(2026, 11, 20, 23, tzinfo=UTC), "5 days ago"),
        (datetime(2026, 11, 27, 23, 30, tzinfo=UTC), "in 2 days"),
        (None, "\u2013"),
    ],
)
def test_days_between_moments_are_those_of_the_zones_calendar(asked, text):
    now = datetime(2026, 11, 26, 0, 34, tzinfo=UTC)
    assert t.relative_local(asked, now, "Europe/Oslo") == text


def test_nothing_is_relative_to_nothing():
    assert t.relative_day(None, TODAY) == "\u2013"
    assert t.relative_moment(None, datetime(2026, 3, 14, tzinfo=UTC)) == "\u2013"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, f"0{NB}s"),
        (0.44, f"0.4{NB}s"),
        (45, f"45{NB}s"),
        (125, f"2{NB}min 5{NB}s"),
        (120, f"2{NB}min"),
        (11_520, f"3{NB}h 12{NB}min"),
        (187_200, f"2{NB}d 4{NB}h"),
    ],
)
def test_duration(seconds, text):
    assert t.duration(seconds) == text
