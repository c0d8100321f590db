"""The working calendar as it is kept."""

from csworkspace.calendar.models import Holiday, WorkCalendar
from csworkspace.calendar.workdays import WorkWeek


def work_week() -> WorkWeek:
    """The open workspace's working week with its holidays; two queries."""
    kept = WorkCalendar.objects.first()
    holidays = frozenset(Holiday.objects.values_list("day", flat=True))
    if kept is None:
        return WorkWeek(holidays=holidays)
    return WorkWeek(frozenset(kept.weekdays), holidays, kept.opens_at, kept.closes_at)
