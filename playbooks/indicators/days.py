"""The days that history is worked out for."""

from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY = ("day", *WEEKDAYS, "month")


def days_between(first: date, last: date, every: str) -> list[date]:
    """The days from the first to the last: each, one weekday, or the last ones of their months."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if _is_one(day, every)]


def _is_one(day: date, every: str) -> bool:
    if every == "month":
        return (day + timedelta(days=1)).day == 1
    return every == "day" or day.weekday() == WEEKDAYS.index(every)
