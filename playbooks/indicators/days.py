"""The days that history is worked out for."""

from collections.abc import Callable
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY: dict[str, Callable[[date], bool]] = {
    "day": lambda day: True,
    **{name: lambda day, at=at: day.weekday() == at for at, name in enumerate(WEEKDAYS)},
    "month": lambda day: (day + timedelta(days=1)).day == 1,
}


def days_between(first: date, last: date, every: str) -> list[date]:
    """The days from the first to the last: each, one weekday, or the last ones of their months."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if EVERY[every](day)]
