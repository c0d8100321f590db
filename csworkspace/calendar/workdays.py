"""Working days: pure functions over a working week, with its holidays."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Beyond so many days without a working one the calendar is taken for a mistake.
LONGEST_REST = 366


@dataclass(frozen=True)
class WorkWeek:
    """Which days are worked (0 is Monday), without the holidays, and from when to when."""

    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    opens_at: time = time(9)
    closes_at: time = time(17)

    def is_workday(self, day: date) -> bool:
        """Whether somebody works on that day."""
        return day.weekday() in self.weekdays and day not in self.holidays


def next_workday(day: date, week: WorkWeek, away: Collection[date] = ()) -> date:
    """The day itself if it is worked, else the next one that is; `away`: days somebody is not there."""
    for number in range(LONGEST_REST):
        candidate = day + timedelta(days=number)
        if week.is_workday(candidate) and candidate not in away:
            return candidate
    return day


def add_workdays(day: date, number: int, week: WorkWeek, away: Collection[date] = ()) -> date:
    """The working day `number` working days after `day`; with 0 the day itself or the next working one."""
    found = next_workday(day, week, away)
    for _ in range(number):
        found = next_workday(found + timedelta(days=1), week, away)
    return found


def moment_of(day: date, clock: time, zone: str) -> datetime:
    """The moment, in UTC, when the clocks of a zone show a time on a day.

    A time that the clocks skip is the same time after the gap's length; of one that comes twice, the first.
    """
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def next_working_moment(at: datetime, week: WorkWeek, zone: str) -> datetime:
    """The moment itself if it lies in working hours, else when the next ones begin."""
    local = at.astimezone(ZoneInfo(zone))
    day = next_workday(local.date(), week)
    if day == local.date() and week.opens_at <= local.time() < week.closes_at:
        return at
    if day == local.date() and local.time() >= week.closes_at:
        day = next_workday(day + timedelta(days=1), week)
    return moment_of(day, week.opens_at, zone)


def workdays_between(start: date, end: date, week: WorkWeek, away: Collection[date] = ()) -> int:
    """How many working days lie after `start` up to and with `end`; negative if `end` is the earlier one.

    So that from a working day on, `add_workdays(start, workdays_between(start, end))` is `end`.
    """
    if end < start:
        return -workdays_between(end, start, week, away)
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(week.is_workday(day) and day not in away for day in days)


def last_workday_before(day: date, week: WorkWeek) -> date:
    """The working day before a day; the day before it where there has been none for long."""
    for number in range(1, LONGEST_REST):
        candidate = day - timedelta(days=number)
        if week.is_workday(candidate):
            return candidate
    return day - timedelta(days=1)


def days_within(spans: Iterable[tuple[date, date]]) -> frozenset[date]:
    """Every day of spans of days, both ends included."""
    return frozenset(
        start + timedelta(days=number) for start, end in spans for number in range((end - start).days + 1)
    )
