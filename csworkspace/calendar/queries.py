"""The working calendar as it is kept."""

from datetime import time

from csworkspace.calendar.models import Holiday, WorkCalendar
from csworkspace.calendar.workdays import WorkWeek


def kept_calendar() -> WorkCalendar:
    """The working week as it is kept, or the usual one, which is not stored and has version 0."""
    kept = WorkCalendar.objects.first()
    return kept or WorkCalendar(opens_at=time(9), closes_at=time(17), version=0)


def work_week() -> WorkWeek:
    """The open workspace's working week with its holidays; two queries."""
    kept = kept_calendar()
    holidays = frozenset(Holiday.objects.values_list("day", flat=True))
    return WorkWeek(frozenset(kept.weekdays), holidays, kept.opens_at, kept.closes_at)
