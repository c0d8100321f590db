"""What a metric counts, in words that a customer understands. Pure functions over a definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.metrics.models import Aggregation, Direction, Metric, MetricKind
from csworkspace.web import formats

NAMED = 3


@dataclass(frozen=True)
class Change:
    """A difference as it is printed; tone is "good", "bad" or "" and follows the metric's direction."""

    text: str
    tone: str = ""


NO_CHANGE = Change("")


def is_usage(metric: Metric) -> bool:
    """Whether events carry the metric; its aggregation says how."""
    return metric.kind == MetricKind.USAGE and bool(metric.aggregation)


def features_in_words(features: Sequence[str]) -> str:
    """["reports.*", "login"] → “login” or any feature of “reports”; none → any feature."""
    if not features:
        return "any feature"
    exact = [f"“{name}”" for name in features if not name.endswith(".*")]
    groups = [f"any feature of “{name[:-2]}”" for name in features if name.endswith(".*")]
    named = exact + groups
    more = len(named) - NAMED
    shown = named if more <= 1 else [*named[:NAMED], f"one of {more} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def counted_in_words(metric: Metric) -> str:
    """What is counted: "How many different people used any feature"."""
    if not is_usage(metric):
        return "A number of the customer’s own business, entered by people"
    used = features_in_words(metric.features)
    return {
        Aggregation.COUNT: f"How often {used} was used",
        Aggregation.SUM: f"The quantities of all uses of {used}, added up",
        Aggregation.USERS: f"How many different people used {used}",
        Aggregation.FEATURES: f"How many different features were used, out of {used}"
        if metric.features
        else "How many different features were used",
        Aggregation.DAYS: f"On how many days {used} was used",
    }[Aggregation(metric.aggregation)]


def window_in_words(metric: Metric) -> str:
    """ "in the 28 days that end with it"; nothing for numbers that people enter."""
    if not is_usage(metric):
        return ""
    return (
        "on the day" if metric.window_days == 1 else f"in the {metric.window_days} days that end with the day"
    )


def definition_in_words(metric: Metric) -> str:
    """The whole definition as one sentence."""
    window = window_in_words(metric)
    return f"{counted_in_words(metric)}{' ' if window else ''}{window}."


def source_in_words(metric: Metric) -> str:
    """Where the values come from."""
    return "Computed from usage events" if is_usage(metric) else "Entered by people"


def direction_in_words(metric: Metric) -> str:
    """Which way is better."""
    return Direction(metric.direction).label


def value_in_words(metric: Metric, value: Decimal | None, *, short: bool = False) -> str:
    """A value with the metric's unit; missing is a dash."""
    return formats.with_unit(value, metric.unit, short=short)


def change_between(metric: Any, before: Decimal | None, now: Decimal | None) -> Change:
    """The change from `before` to `now`: relative; of percentages and from zero, the difference."""
    if before is None or now is None:
        return NO_CHANGE
    if before == now:
        return Change("no change")
    up = now > before
    tone = "good" if up == (metric.direction == Direction.UP) else "bad"
    if metric.unit == "%":
        return Change(f"{formats.signed(now - before)} points", tone)
    text = formats.signed_percent((now - before) / abs(before)) if before else formats.signed(now - before)
    return Change(text, tone)
