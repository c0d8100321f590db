"""Hours that a CSM has, hours that an account costs: the formulas, over plain values."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from accounts.tiers.models import Per
from accounts.tiers.terms import Terms

WEEKS = 13
SHOWN = 5
RENEWAL_DAYS = timedelta(days=30)
NOTHING = Decimal(0)
Span = tuple[date, date]


def quarter_start(day: date) -> date:
    """The first day of the calendar quarter that a day lies in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def following(start: date) -> date:
    """The first day of the quarter after the one that starts on a day."""
    return date(start.year + 1, 1, 1) if start.month == 10 else date(start.year, start.month + 3, 1)


def quarters_from(day: date, count: int = SHOWN) -> tuple[date, ...]:
    """The quarter of a day and those after it, each by its first day."""
    starts = [quarter_start(day)]
    while len(starts) < count:
        starts.append(following(starts[-1]))
    return tuple(starts)


def deciding_day(start: date, today: date) -> date:
    """The day whose tiers and terms count for a quarter: its middle, but for the running quarter
    never a day before today, so that "now" is what holds now."""
    return max(start + (following(start) - start) / 2, today)


def quarter_name(start: date) -> str:
    """Q1 2027."""
    return f"Q{(start.month + 2) // 3} {start.year}"


def quarter_of(days: Sequence[date], day: date | None) -> int | None:
    """Which of the quarters, counted from 0, a day lies in; None outside of all."""
    if day is None or day < days[0] or day >= following(days[-1]):
        return None
    return max(n for n, start in enumerate(days) if start <= day)


def working_days(first: date, last: date) -> int:
    """Mondays to Fridays from first to last, both included; holidays are not known here.

    Whole weeks have five; of the rest each day is looked at.
    """
    weeks, rest = divmod(max((last - first).days + 1, 0), 7)
    return 5 * weeks + sum((first + timedelta(days=n)).weekday() < 5 for n in range(rest))


def away_share(start: date, absences: Iterable[Span]) -> Decimal:
    """The part (0 to 1) of a quarter's working days that absences take; where they overlap, a day counts
    once."""
    end, away, counted = following(start) - timedelta(days=1), 0, start
    for first, last in sorted(absences):
        first, last = max(first, counted), min(last, end)
        if first <= last:
            away += working_days(first, last)
            counted = last + timedelta(days=1)
    return Decimal(away) / working_days(start, end)


def productive_hours(
    hours_per_week: Decimal, meeting_share: Decimal, leave_share: Decimal, away: Decimal = NOTHING
) -> Decimal:
    """A quarter's hours for customers: hours a week × 13 × (1 − meetings) × (1 − max(leave, away)).

    The leave share is the assumption until the calendar knows of more: `away` is the part of the
    quarter's working days that the calendar takes, and only the larger of the two is taken off.
    40 h × 13 × (1 − 0.25) × (1 − 0.15) = 331.5 h.
    """
    return hours_per_week * WEEKS * (1 - meeting_share) * (1 - max(leave_share, away))


def accounts_served(hours: Decimal, hours_an_account: Decimal) -> Decimal:
    """How many accounts so many hours serve: 331.5 h at 16 h an account serve 20.7. Raises ValueError."""
    if hours_an_account <= 0:
        raise ValueError("An account that costs no time can be served without limit.")
    return hours / hours_an_account


class Price(NamedTuple):
    """Hours that an account costs: in every quarter, when it comes, and before a renewal."""

    regular: Decimal
    onboarding: Decimal
    renewal: Decimal


FREE = Price(NOTHING, NOTHING, NOTHING)


def price_of(terms: Iterable[Terms]) -> Price:
    """The terms of an account summed up; what happens once costs times × hours."""
    regular, once = NOTHING, {Per.ONBOARDING: NOTHING, Per.RENEWAL: NOTHING}
    for one in terms:
        if one.per in once:
            once[Per(one.per)] += one.times * one.hours
        else:
            regular += one.hours_a_quarter
    return Price(regular, once[Per.ONBOARDING], once[Per.RENEWAL])


def renewal_quarters(days: Sequence[date], renewal_on: date | None) -> tuple[int, ...]:
    """The quarters in which renewals are prepared: 30 days before the renewal, and each year on."""
    if renewal_on is None:
        return ()
    found = []
    for years in range(max(days[0].year - renewal_on.year, 0), days[-1].year - renewal_on.year + 2):
        number = quarter_of(days, years_later(renewal_on, years) - RENEWAL_DAYS)
        if number is not None:
            found.append(number)
    return tuple(found)


def years_later(day: date, years: int) -> date:
    """The same day some years on; 28 February for the 29th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class Calendar(NamedTuple):
    """What happens to an account in the quarters shown: the first in which it is a customer, the one
    of its onboarding, those of its renewals."""

    begins: int
    onboarding: int | None
    renewals: tuple[int, ...]


def calendar_of(
    days: Sequence[date], since: date | None, renewal_on: date | None, onboards: bool
) -> Calendar:
    """The calendar of an account. Onboarding falls into the quarter of `since`; of an account that is
    being onboarded (`onboards`) without such a day, or since an earlier one, into the first quarter."""
    arrival = quarter_of(days, since)
    begins = arrival or (len(days) if since and since >= following(days[-1]) else 0)
    onboarding = 0 if arrival is None and onboards and begins == 0 else arrival
    return Calendar(begins, onboarding, renewal_quarters(days, renewal_on))


def hours_in(price: Price, calendar: Calendar, number: int) -> Decimal:
    """Hours that an account costs in one of the quarters; none before it is a customer."""
    if number < calendar.begins:
        return NOTHING
    once = price.onboarding if calendar.onboarding == number else NOTHING
    return price.regular + once + price.renewal * calendar.renewals.count(number)
