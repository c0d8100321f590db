"""Which spans of days a service is owed in. Pure functions over days.

A week is an ISO week (Monday to Sunday; it belongs to the year of its Thursday), a half-year begins in
January or July. A service that is owed `times` > 1 per period is owed once in each of as many equal parts:
of a period of L days, part n of N covers the days floor((n - 1) L / N) up to before floor(n L / N), counted
from 0. Each is due on its last day.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.tiers.models import Per
from csworkspace.web.times import MONTHS, day

ONBOARDING_DAYS = 30
RENEWAL_STARTS_DAYS, RENEWAL_DUE_DAYS = 90, 30
ONCE_LENGTH_DAYS = 90
MONTHS_OF = {Per.MONTH: 1, Per.QUARTER: 3, Per.HALF_YEAR: 6, Per.YEAR: 12}
KEY = re.compile(r"(\d{4})(?:-(W|Q|H|)(\d{1,2}))?(?:/(\d+))?")

PERIOD_RULE = (
    "A service is owed by the last day of its calendar period. Several times a period means "
    "once in each of as many equal parts."
)
ONCE_RULE = (
    f"At onboarding: due {ONBOARDING_DAYS} days after the account became a customer. Before a renewal: "
    f"from {RENEWAL_STARTS_DAYS} days before it, due {RENEWAL_DUE_DAYS} days before it."
)
PROMISE_RULE = (
    "What was promised on the first day of a period is owed for the whole of it, whatever changes later. "
    "An account that comes in during the first half of a period owes it still; one that comes later "
    "begins with the next. Where a service becomes more frequent, the longer period that has begun stays "
    "owed: it stands for the time until the first shorter one."
)


@dataclass(frozen=True)
class Part:
    """A span of days in which a service is owed once; both days included.

    `promised_on`: the first day of the whole period, whose promise decides.
    """

    key: str
    starts_on: date
    ends_on: date
    promised_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def middle(self) -> date:
        """The last day of its first half; of an odd number of days the one in the middle."""
        return self.starts_on + timedelta(days=(self.days - 1) // 2)


def period_of(per: str, on: date) -> Part:
    """The calendar period that a day is in. Raises ValueError for what happens once."""
    if per == Per.WEEK:
        year, week, weekday = on.isocalendar()
        first = on - timedelta(days=weekday - 1)
        return Part(f"{year}-W{week:02}", first, first + timedelta(days=6), first)
    if per not in MONTHS_OF:
        raise ValueError(f"{per} is no calendar period.")
    months = MONTHS_OF[Per(per)]
    number = (on.month - 1) // months
    first = date(on.year, number * months + 1, 1)
    last = _months_later(first, months) - timedelta(days=1)
    return Part(_key(per, on.year, number + 1), first, last, first)


def _key(per: str, year: int, number: int) -> str:
    forms = {
        Per.MONTH: f"{year}-{number:02}",
        Per.QUARTER: f"{year}-Q{number}",
        Per.HALF_YEAR: f"{year}-H{number}",
        Per.YEAR: f"{year}",
    }
    return forms[Per(per)]


def _months_later(first: date, months: int) -> date:
    total = first.month - 1 + months
    return date(first.year + total // 12, total % 12 + 1, 1)


def split(period: Part, times: int) -> list[Part]:
    """The equal parts of a period; more parts than days share days. The period itself for once."""
    if times <= 1:
        return [period]
    cuts = [number * period.days // times for number in range(times + 1)]
    return [
        Part(
            f"{period.key}/{number}",
            period.starts_on + timedelta(days=start),
            period.starts_on + timedelta(days=max(start, end - 1)),
            period.starts_on,
        )
        for number, (start, end) in enumerate(itertools.pairwise(cuts), 1)
    ]


def parts_between(per: str, times: int, since: date, until: date) -> Iterator[Part]:
    """The parts that end on or after `since` and begin by `until`, in order."""
    period = period_of(per, since)
    while period.starts_on <= until:
        yield from (p for p in split(period, times) if p.ends_on >= since and p.starts_on <= until)
        period = period_of(per, period.ends_on + timedelta(days=1))


def missed_after(due_on: date, days: int, grace_days: int) -> date:
    """The last day on which a late service can still be made good: as long after its date as its period is.

    `days`: the length of the part; ONCE_LENGTH_DAYS for what is owed once. Never within the grace.
    """
    return due_on + timedelta(days=max(days, grace_days))


def period_words(key: str) -> str:
    """A period's key as people say it: "Q4 2026", "Week 48, 2026", "Nov 2026, part 2"."""
    name, _, rest = key.partition(" ")
    if rest:
        return f"Renewal of {day(date.fromisoformat(rest))}" if name == "renewal" else key.capitalize()
    match = KEY.fullmatch(key)
    if match is None:
        return key.capitalize()
    year, kind, number, part = match.groups()
    return f"{_calendar_words(year, kind, number)}{f', part {part}' if part else ''}"


def _calendar_words(year: str, kind: str | None, number: str | None) -> str:
    if kind is None or number is None:
        return year
    if kind == "":
        return f"{MONTHS[int(number) - 1]} {year}"
    return f"Week {int(number)}, {year}" if kind == "W" else f"{kind}{number} {year}"
