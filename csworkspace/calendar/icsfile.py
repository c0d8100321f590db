"""Reading a calendar of public holidays (.ics, RFC 5545)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from csworkspace.calendar.pasting import LONGEST_NAME, Named, Read, complaint

LARGEST, MOST_EVENTS, LONGEST_EVENT, YEARS_AHEAD = 1_000_000, 2_000, 31, 5
NO_CALENDAR = "This file is no calendar. Choose an .ics file, such as the public holidays of your country."


def read_calendar(content: bytes, today: date) -> Read:
    """The days of its events, each by its first name; what cannot be taken is told.

    An event that comes back each year is taken for this year and the next YEARS_AHEAD; other repetitions
    are none that public holidays have, and are not taken.
    """
    try:
        calendar: Any = Calendar.from_ical(content)
        events = calendar.walk("VEVENT")
    except (ValueError, IndexError, KeyError, RecursionError):
        return Read([], [NO_CALENDAR])
    if len(events) > MOST_EVENTS:
        return Read([], [f"The file has more than {MOST_EVENTS:,} events. Public holidays are fewer."])
    holidays: dict[date, Named] = {}
    problems: list[str] = []
    for event in events:
        found = _days_of(event, today)
        problems += [found] if isinstance(found, str) else []
        for one in found if isinstance(found, list) else []:
            holidays.setdefault(one.day, one)
    if not events:
        problems.append("The file has no events.")
    return Read(sorted(holidays.values()), problems[:20])


def _days_of(event: Any, today: date) -> list[Named] | str:
    """An event's days with its name, or a sentence why it is not taken."""
    name = "".join(c if c.isprintable() else " " for c in str(event.get("SUMMARY", "")))
    name = " ".join(name.split())[:LONGEST_NAME] or "Holiday"
    try:
        start, end = _span(event)
        years = _years(event, start, today)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return f"“{name[:60]}” has no day that can be read."
    if (end - start).days > LONGEST_EVENT:
        return f"“{name[:60]}” lasts longer than a month and is not taken."
    if years is None:
        return f"“{name[:60]}” repeats in a way that is not taken. Enter its days by hand."
    wrong = complaint(start, name)
    return wrong or [Named(day, name) for year in years for day in _in_year(start, end, year)]


def _span(event: Any) -> tuple[date, date]:
    """First and last day; an all-day event's end is the day after it."""
    start = event["DTSTART"].dt
    raw = event["DTEND"].dt if "DTEND" in event else None
    if raw is None:
        length = event["DURATION"].dt if "DURATION" in event else timedelta(days=1)
        raw = start + length
    first, last = _day(start), _day(raw)
    if not isinstance(raw, datetime) and last > first:
        last -= timedelta(days=1)
    return first, max(first, last)


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _years(event: Any, start: date, today: date) -> list[int] | None:
    """The years in which it takes place; None if that cannot be told simply."""
    rule = event.get("RRULE")
    if rule is None:
        return [start.year]
    if list(rule) != ["FREQ"] or rule["FREQ"] != ["YEARLY"]:
        return None
    return list(range(max(start.year, today.year), today.year + YEARS_AHEAD + 1))


def _in_year(start: date, end: date, year: int) -> Iterator[date]:
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        try:
            yield day.replace(year=year + day.year - start.year)
        except ValueError:  # 29 February
            continue
