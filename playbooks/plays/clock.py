"""The present moment, for everything that plays wait for; tests set it."""

from datetime import date, datetime, timedelta

from django.utils import timezone


def now() -> datetime:
    """The moment, in UTC."""
    return timezone.now()


def shift(day: date, days: int) -> date:
    """A day so many days later; the calendar's end where it would leave it."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
