"""Words and numbers that the measures share."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.contacts.models import ContactRole
from accounts.metrics import words
from csworkspace.web import formats, times
from playbooks.indicators.measures import Proof, Told
from playbooks.indicators.naming import Names
from playbooks.plans.words import decimals_of

GONE = "a metric that is gone"


def listed(items: Sequence[str], join: str = "or") -> str:
    """a, b or c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {join} {items[-1]}" if items else ""


def span(days: int) -> str:
    """28 → "4 weeks", 10 → "10 days"."""
    return formats.plural(days // 7, "week") if days % 7 == 0 and days else formats.plural(days, "day")


def roles_of(params: Mapping[str, Any]) -> str:
    """champion or executive sponsor."""
    return listed([ContactRole(role).label.lower() for role in params["roles"]])


def metric_name(params: Mapping[str, Any], names: Names, key: str = "metric") -> str:
    """The metric's name."""
    metric = names.metric(params.get(key))
    return metric.name if metric else GONE


def in_unit(told: Told, value: Decimal | None, key: str = "metric") -> str:
    """A number in the unit of the metric."""
    metric = told.names.metric(told.params.get(key))
    return words.value_in_words(metric, value) if metric else formats.number(value)


def iso_day(value: Any) -> date | None:
    """A day from a reading's detail."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def metric_proof(
    told: Told, label: str, value: Decimal | None, *, before: int = 0, key: str = "metric"
) -> list[Proof]:
    """A metric's value with its evidence page, `before` days before the reading's day."""
    metric = told.names.metric(told.params.get(key) or told.detail.get(key))
    if metric is None or value is None:
        return []
    day = told.day - timedelta(days=before)
    text = words.value_in_words(metric, value)
    return [Proof(label, text, "evidence", ("account", metric.key), f"day={day.isoformat()}")]


def whole(value: Decimal | None) -> str:
    """A count."""
    return formats.number(value, 0)


def percent(value: Decimal | None) -> str:
    """62.1 → "62%"."""
    return formats.DASH if value is None else f"{formats.number(value, 0)}%"


def day_words(value: Any) -> str:
    """A day of a detail."""
    return times.day(iso_day(value))


def as_exact_as(value: Decimal | None, expected: Decimal | None) -> Decimal | None:
    """What is read off a path, as exact as what was measured; more below ten, and to tell them apart."""
    if value is None or expected is None:
        return expected
    places = decimals_of(value) + (abs(expected) < 10)
    told_apart = (round(expected, places + more) for more in (0, 1))
    return next((one for one in told_apart if one != value), expected)
