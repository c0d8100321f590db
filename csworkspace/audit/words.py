"""The values of audit entries in words, for every page that prints them. Pure functions over JSON."""

import re
from datetime import date, datetime
from typing import Any

from csworkspace.web import times
from csworkspace.web.formats import DASH

# As `plain` writes dates and moments. A moment says its offset from UTC; without one its hour is unknown.
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([+-]\d\d:\d\d|Z)")


def in_words(value: Any, zone: str) -> str:
    """A value as a person reads it, days and moments on the clocks of a time zone; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(in_words(item, zone) or DASH for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words(item, zone) or DASH}" for name, item in value.items())
    return _dated(value, zone) if isinstance(value, str) else str(value)


def _dated(text: str, zone: str) -> str:
    try:
        if DAY.fullmatch(text):
            return times.day(date.fromisoformat(text))
        if MOMENT.fullmatch(text):
            return times.moment(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        # No such day, or one beyond the calendar in this zone: it stays as it was written.
        pass
    return text
