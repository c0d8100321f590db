"""What signals add to segments: unresolved signals of a kind, and how severe the worst is."""

from accounts.segments.criteria.parts import IN, NOT_IN
from accounts.segments.registry import Asked, Choice, Criterion, Operator, Sql
from playbooks.indicators.models import Severity, SignalKind

SECTION = "How it stands"
OF_KIND = (
    "exists (select from playbooks_signal signal where signal.account_id = row.account_id "
    "and signal.state <> 'resolved' and signal.kind = any(%s::varchar[]))"
)


def kind_choices() -> list[Choice]:
    """What signals can tell of."""
    return [Choice(value, label) for value, label in SignalKind.choices]


def severity_choices() -> list[Choice]:
    """How severe signals can be."""
    return [Choice(str(value), str(label)) for value, label in Severity.choices]


def kind_sql(asked: Asked) -> Sql:
    """Whether one of the account's unresolved signals is of these kinds."""
    return OF_KIND if asked.op == "in" else f"not {OF_KIND}", [list(asked.value)]


def severity_sql(asked: Asked) -> Sql:
    """The severity of the worst unresolved signal, from the book's row; accounts without one have 0."""
    if asked.op in ("some", "no"):
        return f"row.signal_severity {'>' if asked.op == 'some' else '='} 0", []
    wanted = [int(value) for value in asked.value]
    if asked.op == "in":
        return "row.signal_severity = any(%s::smallint[])", [wanted]
    return "row.signal_severity <> all(%s::smallint[])", [wanted]


CRITERIA = (
    Criterion("signal_kind", "Kind of an unresolved signal", SECTION, (IN, NOT_IN), kind_sql, kind_choices),
    Criterion(
        "signal_severity",
        "Worst unresolved signal",
        SECTION,
        (IN, NOT_IN, Operator("some", "exists"), Operator("no", "does not exist")),
        severity_sql,
        severity_choices,
    ),
)
