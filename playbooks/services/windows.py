"""The spans of due dates that attainment is looked at over. Pure functions over days."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.tiers.models import Per
from csworkspace.web import times
from playbooks.services.periods import period_of

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)


class WindowError(ValueError):
    """A span of days that cannot be; the text says what to enter."""


@dataclass(frozen=True)
class Window:
    """Services that are due within these days, both included."""

    key: str
    label: str
    since: date
    until: date

    @property
    def days(self) -> str:
        """The days as a page prints them."""
        return times.day_range(self.since, self.until)


def this_quarter(today: date) -> Window:
    """The running quarter to its end: what is delivered counts already, what is open does not yet."""
    quarter = period_of(Per.QUARTER, today)
    return Window("quarter", "This quarter so far", quarter.starts_on, quarter.ends_on)


def last_quarter(today: date) -> Window:
    """The quarter before the running one."""
    quarter = period_of(Per.QUARTER, this_quarter(today).since - timedelta(days=1))
    return Window("last", "Last quarter", quarter.starts_on, quarter.ends_on)


def four_quarters(today: date) -> Window:
    """The running quarter and the three before it."""
    now = this_quarter(today)
    months = now.since.year * 12 + now.since.month - 1 - 9
    return Window("year", "Last four quarters", date(months // 12, months % 12 + 1, 1), now.until)


def custom(since: date, until: date) -> Window:
    """Any days. Raises WindowError."""
    if not EARLIEST <= since <= LATEST or not EARLIEST <= until <= LATEST:
        raise WindowError(f"Choose days from {EARLIEST.year} to {LATEST.year}.")
    if until < since:
        raise WindowError("The last day is before the first. Swap them.")
    return Window("custom", "Own dates", since, until)


def windows(today: date) -> list[Window]:
    """What a page offers by name."""
    return [this_quarter(today), last_quarter(today), four_quarters(today)]
