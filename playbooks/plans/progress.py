"""The arithmetic of targets: path, progress, forecast and status. Pure functions over plain values.

Source: product definition, "Success plan" and "Feedback on progress". Values are in the metric's own
unit, time is counted in whole days, progress and gaps are shares of the whole way (0.5 = half way,
shown as 50 points). The thresholds stand here once; `STATUS_RULE` is the same rule in words, and it is
what pages and reports print.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from accounts.book.models import PlanStatus

AHEAD_FROM = Decimal("0.10")
ON_TRACK_FROM = Decimal("-0.10")
SLIPPING_FROM = Decimal("-0.25")
HOLD_TOLERANCE = Decimal("0.10")
GRACE_DAYS = 14
TREND_DAYS = 28
TREND_MIN_DAYS = 7

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)

ZERO, ONE = Decimal(0), Decimal(1)


class Checkpoint(NamedTuple):
    """An agreed stop on the way: the value that should be reached on a day."""

    on: date
    value: Decimal


class Measured(NamedTuple):
    """A measured value and the day it was measured."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class Agreed:
    """What a target agrees: from `baseline` on `starts_on` to `target` on `due_on`.

    up_is_good only matters when target and baseline are equal.
    max_age_days: how old a measurement may be to count; None if values hold until the next one.
    """

    baseline: Decimal
    target: Decimal
    starts_on: date
    due_on: date
    checkpoints: tuple[Checkpoint, ...] = ()
    up_is_good: bool = True
    max_age_days: int | None = None

    def expected(self, on: date) -> Decimal:
        """The path's value on a day; see `expected`."""
        return expected(self.baseline, self.target, self.starts_on, self.due_on, on, self.checkpoints)


def expected(
    baseline: Decimal,
    target: Decimal,
    start: date,
    due: date,
    on: date,
    checkpoints: Iterable[Checkpoint] = (),
) -> Decimal:
    """The target path's value on a day, in the metric's unit.

    b + (T - b) * t / n, with t days since the start of a leg of n days; a leg runs from one agreed
    stop to the next (start, checkpoints, due date). b on and before the start, T on and after the
    due date. Checkpoints outside of start and due date are passed over.
    """
    if on <= start:
        return baseline
    if on >= due:
        return target
    stops = [Checkpoint(start, baseline)]
    stops += sorted(stop for stop in checkpoints if start < stop.on < due)
    stops.append(Checkpoint(due, target))
    index = next(i for i, stop in enumerate(stops) if stop.on >= on)
    before, after = stops[index - 1], stops[index]
    return before.value + (after.value - before.value) * (on - before.on).days / (after.on - before.on).days


def progress(value: Decimal, baseline: Decimal, target: Decimal) -> Decimal | None:
    """(x - b) / (T - b): 0 at the baseline, 1 at the target, in either direction.

    Not clamped: negative when worse than the baseline, above 1 beyond the target. None if T = b,
    where there is no way to go.
    """
    return None if target == baseline else (value - baseline) / (target - baseline)


def check_days(*days: date) -> None:
    """Raise ValueError with a sentence if a day cannot be meant: a slip of the keyboard in the year."""
    if any(not FIRST_DAY <= day <= LAST_DAY for day in days):
        raise ValueError(f"Dates must lie between {FIRST_DAY.year} and {LAST_DAY.year}. Check the year.")


def shown_percent(share: Decimal | None) -> int | None:
    """Progress for a bar: whole percent, clamped to 0..100."""
    return None if share is None else int(max(ZERO, min(ONE, share)) * 100)


def gap(agreed: Agreed, value: Decimal, on: date) -> Decimal | None:
    """Progress minus expected progress, in shares of the whole way; None if T = b."""
    done = progress(value, agreed.baseline, agreed.target)
    due = progress(agreed.expected(on), agreed.baseline, agreed.target)
    return None if done is None or due is None else done - due


def forecast(points: Sequence[Measured], starts_on: date, due_on: date, on: date) -> Decimal | None:
    """The value on the due date if the recent trend goes on, in the metric's unit.

    x + s * d: today's value x, d days to the due date, and s the least-squares slope per day of the
    daily values (each holds until the next measurement) of the last 28 days, or since the start if
    that is later. Never below zero when nothing measured was. None after the due date, or with fewer
    than 7 days to look back on.
    """
    since = max(starts_on, on - timedelta(days=TREND_DAYS))
    days = daily(points, since, on)
    if on > due_on or len(days) <= TREND_MIN_DAYS:
        return None
    value = days[-1].value + slope([point.value for point in days]) * (due_on - on).days
    return max(ZERO, value) if min(point.value for point in days) >= 0 else value


def daily(points: Sequence[Measured], since: date, until: date) -> list[Measured]:
    """One value per day, each held until the next; starts with the first day that has one."""
    found: list[Measured] = []
    rest = sorted(points)
    held: Decimal | None = None
    for offset in range((until - since).days + 1):
        day = since + timedelta(days=offset)
        while rest and rest[0].on <= day:
            held = rest.pop(0).value
        if held is not None:
            found.append(Measured(day, held))
    return found


def slope(values: Sequence[Decimal]) -> Decimal:
    """Least-squares slope per step of evenly spaced values: sum((i - mi)(v - mv)) / sum((i - mi)^2)."""
    middle = Decimal(len(values) - 1) / 2
    mean = sum(values, ZERO) / len(values)
    rise = sum(((i - middle) * (value - mean) for i, value in enumerate(values)), ZERO)
    run = sum(((i - middle) ** 2 for i in range(len(values))), ZERO)
    return rise / run


def has_data(agreed: Agreed, measured: Measured | None, on: date) -> bool:
    """Whether there is a measurement that still says something about the day."""
    if measured is None:
        return False
    return agreed.max_age_days is None or (on - measured.on).days <= agreed.max_age_days


def target_status(agreed: Agreed, measured: Measured | None, on: date) -> PlanStatus:
    """How a target stands on a day; `measured` is the latest measurement on or before it.

    The gap is progress minus expected progress, in points of the whole way from baseline to target:

    no data     never measured, or a number that people enter is older than its window + 14 days
    ahead       the target is reached before its due date, or the gap is +10 points or more
    on track    the gap is -10 points or better; before the start always
    slipping    the gap is -25 points or better
    off track   the gap is worse; from the day after the due date whenever the target is not reached

    A target equal to its baseline asks to hold the value: on track while it is as good or better,
    slipping while it is at most 10 % worse, off track beyond.
    """
    if measured is None or not has_data(agreed, measured, on):
        return PlanStatus.NO_DATA
    done = progress(measured.value, agreed.baseline, agreed.target)
    if done is None:
        return holding_status(measured.value, agreed.target, up_is_good=agreed.up_is_good)
    if on > agreed.due_on:
        return _late_status(done)
    if done >= 1 and on < agreed.due_on:
        return PlanStatus.AHEAD
    if on < agreed.starts_on:
        return PlanStatus.ON_TRACK
    return status_of_gap(gap(agreed, measured.value, on) or ZERO)


def _late_status(done: Decimal) -> PlanStatus:
    if done < 1:
        return PlanStatus.OFF_TRACK
    return PlanStatus.AHEAD if done - 1 >= AHEAD_FROM else PlanStatus.ON_TRACK


def status_of_gap(points: Decimal) -> PlanStatus:
    """The status for a gap in shares of the whole way; see `target_status`."""
    if points >= AHEAD_FROM:
        return PlanStatus.AHEAD
    if points >= ON_TRACK_FROM:
        return PlanStatus.ON_TRACK
    return PlanStatus.SLIPPING if points >= SLIPPING_FROM else PlanStatus.OFF_TRACK


def holding_status(value: Decimal, target: Decimal, *, up_is_good: bool) -> PlanStatus:
    """The status of a target that asks to hold its baseline; see `target_status`."""
    worse_by = target - value if up_is_good else value - target
    if worse_by <= 0:
        return PlanStatus.ON_TRACK
    return PlanStatus.SLIPPING if worse_by <= abs(target) * HOLD_TOLERANCE else PlanStatus.OFF_TRACK


WORST_FIRST = (PlanStatus.OFF_TRACK, PlanStatus.SLIPPING, PlanStatus.ON_TRACK, PlanStatus.AHEAD)


def plan_status(statuses: Iterable[PlanStatus]) -> PlanStatus:
    """A plan stands as its worst target that has data; no data only if none has."""
    found = set(statuses)
    return next((status for status in WORST_FIRST if status in found), PlanStatus.NO_DATA)


def _points(share: Decimal) -> str:
    return f"{abs(share * 100):.0f}"


STATUS_RULE: tuple[tuple[PlanStatus, str], ...] = (
    (
        PlanStatus.AHEAD,
        f"{_points(AHEAD_FROM)} points or more ahead of the path, or reached before the due date",
    ),
    (PlanStatus.ON_TRACK, f"no more than {_points(ON_TRACK_FROM)} points behind the path"),
    (PlanStatus.SLIPPING, f"no more than {_points(SLIPPING_FROM)} points behind the path"),
    (
        PlanStatus.OFF_TRACK,
        "further behind, or not reached by the due date",
    ),
    (
        PlanStatus.NO_DATA,
        f"never measured, or a number that people enter is older than its window plus {GRACE_DAYS} days",
    ),
)
RULE_NOTE = (
    "A point is one hundredth of the whole way from baseline to target. The path runs straight from the "
    "baseline to the target, through the checkpoints if there are any. A target that equals its baseline "
    f"asks to hold it: slipping while at most {_points(HOLD_TOLERANCE)}% worse. "
    "The plan stands as its worst target that has data."
)
