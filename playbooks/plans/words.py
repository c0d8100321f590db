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


def target_sentence(
    name: str, unit: str, agreed: Agreed, measured: Measured | None, status: PlanStatus, on: date
) -> str:
    """One sentence on how a target stands, with the numbers that decide it."""
    aim = formats.with_unit(agreed.target, unit)
    if measured is None:
        return f"{name} has not been measured yet; the target is {aim} by {times.day(agreed.due_on)}."
    value = formats.with_unit(measured.value, unit)
    if status == PlanStatus.NO_DATA:
        return f"{name} was last measured on {times.day(measured.on)} ({value}); enter a newer value."
    done = progress(measured.value, agreed.baseline, agreed.target)
    if done is None:
        return _holding(name, value, aim, status)
    if done >= 1:
        return f"{name} is at {value}: the target of {aim} is reached."
    if on > agreed.due_on:
        return f"{name} is at {value}; the target of {aim} was due on {times.day(agreed.due_on)}."
    return _on_the_way(name, value, unit, agreed, measured, on)


def _holding(name: str, value: str, aim: str, status: PlanStatus) -> str:
    if status == PlanStatus.ON_TRACK:
        return f"{name} is at {value}, which holds the agreed {aim}."
    return f"{name} is at {value} and was to hold {aim}."


def _on_the_way(name: str, value: str, unit: str, agreed: Agreed, measured: Measured, on: date) -> str:
    if on < agreed.starts_on:
        return f"{name} is at {value}; the way to the target starts on {times.day(agreed.starts_on)}."
    distance = points_words(gap(agreed, measured.value, on) or Decimal(0))
    today = formats.with_unit(agreed.expected(on), unit)
    return f"{name} is at {value}, against {today} expected by now: {distance}."
