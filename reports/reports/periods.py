"""Reporting periods: a quarter ("2026-Q3") or a month ("2026-09"). Pure functions."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from csworkspace.web.times import MONTHS, day_range

PERIOD = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2]))", re.IGNORECASE)
EXAMPLES = 'Write a quarter as "2026-Q3" or a month as "2026-09".'


class PeriodError(ValueError):
    """The text names no period that can be reported on; the message says what to write."""


@dataclass(frozen=True)
class Period:
    """A quarter or a month; both days included. `as_of` is its end, or today while it runs."""

    key: str
    label: str
    starts_on: date
    ends_on: date
    as_of: date

    @property
    def to_date(self) -> bool:
        """Whether the period is still running."""
        return self.as_of < self.ends_on

    @property
    def range(self) -> str:
        """The days it covers: "1 Jul - 30 Sep 2026" with a dash."""
        return day_range(self.starts_on, self.as_of)


def parse_period(text: str, today: date) -> Period:
    """The period that a text names. Raises PeriodError for nonsense and for the future."""
    match = PERIOD.fullmatch(text.strip()[:20])
    if match is None or not 1990 <= int(match[1]) <= 2200:
        raise PeriodError(f"{text.strip()[:20]!r} is not a period. {EXAMPLES}")
    year, quarter, month = int(match[1]), match[2], match[3]
    period = _quarter(year, int(quarter), today) if quarter else _month(year, int(month), today)
    if period.starts_on > today:
        raise PeriodError(f"{period.label} has not begun. Choose a period up to {quarter_of(today).label}.")
    return period


def quarter_of(day: date, today: date | None = None) -> Period:
    """The quarter that a day is in."""
    return _quarter(day.year, (day.month + 2) // 3, today or day)


def previous(period: Period) -> Period:
    """The period of the same length just before; always complete."""
    day = period.starts_on - timedelta(days=1)
    if "Q" in period.key:
        return quarter_of(day)
    return _month(day.year, day.month, day)


def default_period(today: date) -> Period:
    """The last complete quarter."""
    return previous(quarter_of(today))


def recent_periods(today: date, quarters: int = 6, months: int = 6) -> list[Period]:
    """What a form offers: the running quarter and those before, then the same for months."""
    found = [quarter_of(today)]
    while len(found) < quarters:
        found.append(previous(found[-1]))
    found.append(_month(today.year, today.month, today))
    while len(found) < quarters + months:
        found.append(previous(found[-1]))
    return found


def _quarter(year: int, number: int, today: date) -> Period:
    start = date(year, 3 * number - 2, 1)
    end = date(year, 3 * number, monthrange(year, 3 * number)[1])
    return Period(f"{year}-Q{number}", f"Q{number} {year}", start, end, min(end, max(start, today)))


def _month(year: int, number: int, today: date) -> Period:
    start, end = date(year, number, 1), date(year, number, monthrange(year, number)[1])
    return Period(
        f"{year}-{number:02}", f"{MONTHS[number - 1]} {year}", start, end, min(end, max(start, today))
    )
