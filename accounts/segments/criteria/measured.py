"""What was measured: the value of any metric, and its change in four weeks."""

from accounts.metrics.models import Metric
from accounts.segments.criteria.parts import UNKNOWN, held_against, numbers
from accounts.segments.registry import MOST, Asked, Choice, Criterion, Operator, Shape, Sql

SECTION = "Metrics"
STATE = (
    "exists (select from accounts_metricstate state "
    "where state.account_id = row.account_id and state.metric_id = %s{})"
)
# In percent of what it was, by its size: from -10 to 0 is +100 %.
CHANGE = "(state.value - state.previous) * 100"
BEFORE = "abs(state.previous)"
PERCENT = {"unit": "%", "lowest": 0, "highest": 100_000, "places": 2}
# More than all of it cannot be lost.
FALL = {**PERCENT, "highest": 100}


def metric_choices() -> list[Choice]:
    """The metrics, retired ones too."""
    rows = Metric.objects.order_by("name", "pk").values_list("pk", "name", "unit", "retired_at")
    return [Choice(str(pk), name, "is retired" if gone else "", unit) for pk, name, unit, gone in rows]


def value_sql(asked: Asked) -> Sql:
    """The latest value."""
    if asked.op == "unknown":
        return f"not {STATE.format('')}", [int(asked.of)]
    test, values = held_against("state.value", "numeric", asked)
    return STATE.format(f" and {test}"), [int(asked.of), *values]


def change_sql(asked: Asked) -> Sql:
    """The change against four weeks before; not known where there was nothing, or nothing but 0."""
    tests = {
        "rose": f"{CHANGE} >= %s * {BEFORE}",
        "fell": f"{CHANGE} <= -%s * {BEFORE}",
        "steady": f"abs({CHANGE}) < %s * {BEFORE}",
    }
    return STATE.format(f" and state.previous <> 0 and {tests[asked.op]}"), [int(asked.of), asked.value]


CRITERIA = (
    Criterion(
        "metric",
        "Metric",
        SECTION,
        (*numbers(lowest=-MOST, places=6), UNKNOWN),
        value_sql,
        subject="metric",
        subjects=metric_choices,
        words="{of} {operator} {value}",
    ),
    Criterion(
        "metric_change",
        "Change in 4 weeks",
        SECTION,
        (
            Operator("rose", "rose by at least", Shape.NUMBER, **PERCENT),  # type: ignore[arg-type]
            Operator("fell", "fell by at least", Shape.NUMBER, **FALL),  # type: ignore[arg-type]
            Operator("steady", "moved by less than", Shape.NUMBER, **PERCENT),  # type: ignore[arg-type]
        ),
        change_sql,
        subject="metric",
        subjects=metric_choices,
        words="{of} {operator} {value} in 4 weeks",
    ),
)
