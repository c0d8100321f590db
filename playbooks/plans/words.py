"""Sentences about targets. Pure: values in, plain English out."""

from datetime import date
from decimal import Decimal

from accounts.book.models import PlanStatus
from csworkspace.web import formats, times
from playbooks.plans.progress import Agreed, Measured, gap, progress


def points_words(share: Decimal) -> str:
    """A gap as people say it: "8 points ahead of the path", "on the path"."""
    points = int((abs(share) * 100).to_integral_value())
    if points == 0:
        return "on the path"
    side = "ahead of" if share > 0 else "behind"
    return f"{formats.plural(points, 'point')} {side} the path"


def in_their_steps(value: Decimal | None, baseline: Decimal, target: Decimal) -> Decimal | None:
    """A computed value rounded to the decimals of what was agreed, one more if the way is under ten steps.

    From 40 to 60 the path is shown in whole numbers, from 37 to 41 with one decimal.
    """
    if value is None:
        return None
    places = max(decimals_of(baseline), decimals_of(target))
    if abs(target - baseline) * 10**places < 10:
        places += 1
    return round(value, places)


def decimals_of(value: Decimal) -> int:
    """How many decimals a number is written with."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def target_sentence(
    name: str, unit: str, agreed: Agreed, measured: Measured | None, status: PlanStatus, on: date
) -> str:
    """One sentence on how a target stands, with the numbers that decide it."""
    aim = formats.with_unit(agreed.target, unit)
    if measured is None:
        return f"{name}: not measured yet; the target is {aim} by {times.day(agreed.due_on)}."
    value = f"{name}: {formats.with_unit(measured.value, unit)}"
    if status == PlanStatus.NO_DATA:
        return f"{value}, but that was measured on {times.day(measured.on)}; enter a newer value."
    done = progress(measured.value, agreed.baseline, agreed.target)
    if done is None:
        held = status == PlanStatus.ON_TRACK
        return f"{value}, which {'holds' if held else 'does not hold'} the agreed {aim}."
    if done >= 1:
        return f"{value}; the target of {aim} is reached."
    if on > agreed.due_on:
        return f"{value}; the target of {aim} was due on {times.day(agreed.due_on)}."
    if on < agreed.starts_on:
        return f"{value}; the way to {aim} starts on {times.day(agreed.starts_on)}."
    return f"{value}, {_on_the_way(unit, agreed, measured, on)}."


def _on_the_way(unit: str, agreed: Agreed, measured: Measured, on: date) -> str:
    rounded = in_their_steps(agreed.expected(on), agreed.baseline, agreed.target)
    by_now = formats.with_unit(rounded, unit)
    done = progress(measured.value, agreed.baseline, agreed.target) or Decimal(0)
    if done < 0:
        side = "below" if measured.value < agreed.baseline else "above"
        baseline = formats.with_unit(agreed.baseline, unit)
        return f"{side} the baseline of {baseline}; {by_now} expected by now"
    distance = points_words(gap(agreed, measured.value, on) or Decimal(0))
    return f"against {by_now} expected by now: {distance}"
