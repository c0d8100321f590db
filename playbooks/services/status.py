"""How one service that is owed stands, and what share was kept. Pure functions over plain values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.db.models import TextChoices

STATUS_RULE = (
    "On time: delivered by its date plus the days of grace. Late: not delivered then. Missed: still not "
    "delivered after as many days again as its period has (90 for what is owed once and for requests). "
    "A request is on time when it is answered by the promised hour."
)
ATTAINMENT_RULE = (
    "Attainment: on time, divided by all that should have been delivered by now "
    "(on time, delivered late, late, missed). What is still open, planned or waived does not count."
)
EARLY_RULE = (
    "A delivery counts from the first day of the period on: what is done earlier counts for the period "
    "that it falls in."
)


class OccurrenceStatus(TextChoices):
    """Where a service that is owed has got to on a day."""

    PLANNED = "planned", "Planned"
    OPEN = "open", "Open"
    LATE = "late", "Late"
    MISSED = "missed", "Missed"
    ON_TIME = "on_time", "On time"
    DELIVERED_LATE = "delivered_late", "Delivered late"
    WAIVED = "waived", "Waived"


COUNTED = (
    OccurrenceStatus.ON_TIME,
    OccurrenceStatus.DELIVERED_LATE,
    OccurrenceStatus.LATE,
    OccurrenceStatus.MISSED,
)
TO_DO = (OccurrenceStatus.OPEN, OccurrenceStatus.LATE)
DELIVERED = (OccurrenceStatus.ON_TIME, OccurrenceStatus.DELIVERED_LATE)


class Owed(Protocol):
    """The dates of a service that is owed, as `ServiceOccurrence` has them."""

    starts_on: date
    due_on: date
    grace_days: int
    missed_after: date
    answer_by: datetime | None
    answered_at: datetime | None
    delivered_on: date | None
    waived_at: datetime | None


def status_of(owed: Owed, today: date, now: datetime) -> OccurrenceStatus:
    """The status on a day; `now` decides about requests, whose promise is an hour.

    `queries.with_status` says the same in SQL.
    """
    if owed.waived_at:
        return OccurrenceStatus.WAIVED
    if owed.delivered_on:
        return (
            OccurrenceStatus.ON_TIME if _in_time(owed, owed.delivered_on) else OccurrenceStatus.DELIVERED_LATE
        )
    if today < owed.starts_on:
        return OccurrenceStatus.PLANNED
    if today > owed.missed_after:
        return OccurrenceStatus.MISSED
    overdue = now > owed.answer_by if owed.answer_by else today > last_day(owed)
    return OccurrenceStatus.LATE if overdue else OccurrenceStatus.OPEN


def _in_time(owed: Owed, delivered_on: date) -> bool:
    if owed.answer_by and owed.answered_at:
        return owed.answered_at <= owed.answer_by
    return delivered_on <= last_day(owed)


def last_day(owed: Owed) -> date:
    """The last day on which a delivery is on time."""
    return owed.due_on + timedelta(days=owed.grace_days)


@dataclass(frozen=True)
class Attainment:
    """How many services of a window came to which end; see ATTAINMENT_RULE."""

    on_time: int = 0
    delivered_late: int = 0
    late: int = 0
    missed: int = 0
    open: int = 0
    planned: int = 0
    waived: int = 0

    @property
    def owed(self) -> int:
        """What should have been delivered by now."""
        return self.on_time + self.delivered_late + self.late + self.missed

    @property
    def not_in_time(self) -> int:
        """Late, whether delivered by now or not."""
        return self.delivered_late + self.late

    @property
    def percent(self) -> int | None:
        """On time in percent of what was owed, half a percent rounded up; None when nothing was."""
        return percent_kept(self.on_time, self.owed)


def percent_kept(on_time: int, owed: int) -> int | None:
    """5 of 6 are 83; None of nothing. 100 only when all were kept, 0 only when none was."""
    if not owed:
        return None
    rounded = (200 * on_time + owed) // (2 * owed)
    least, most = (1 if on_time else 0), (100 if on_time == owed else 99)
    return max(least, min(most, rounded))
