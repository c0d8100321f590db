"""Conditions of branches, waits and success measures: read from JSON, checked, put into words, judged.

{"kind": "outcome", "step": key, "is": value} | {"kind": "segment", "segment": id, "inside": bool}
| {"kind": "indicator", "indicator": id, "holds": bool} | {"kind": "signal", "is": "resolved"|"recovered"}
| {"kind": "metric", "metric": id, "op": "gte"|"lte", "value": "…"} | {"kind": "stage", "in": [...]}
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.accounts.models import Stage
from csworkspace.web import formats
from playbooks.playbooks.judging import RECOVERED, CannotTell, Span, first_days
from playbooks.playbooks.names import Names, name_of, problem_of
from playbooks.playbooks.shapes import Condition

KINDS = {
    "outcome": "How an earlier step ended",
    "signal": "The play's signal is resolved",
    "indicator": "An indicator",
    "metric": "A metric",
    "segment": "A segment",
    "stage": "The lifecycle stage",
}
OPERATORS = {"gte": "at least", "lte": "at most"}
FIELDS = {
    "outcome": {"step", "is"},
    "signal": {"is"},
    "indicator": {"indicator", "holds"},
    "metric": {"metric", "op", "value"},
    "segment": {"segment", "inside"},
    "stage": {"in"},
}
# Steps that a condition may look at: key → (title, outcomes as (value, label)).
Earlier = Mapping[str, tuple[str, Sequence[tuple[str, str]]]]
__all__ = ["BadCondition", "CannotTell", "Condition", "accounts_where", "holds_for", "read_condition"]


class BadCondition(ValueError):
    """A condition that cannot be; the text says why, `field` where."""

    def __init__(self, text: str, field: str = "condition") -> None:
        super().__init__(text)
        self.field = field


def read_condition(data: Any) -> Condition:
    """The condition that JSON says; only its form is looked at. Raises BadCondition."""
    if isinstance(data, Condition):
        return data
    if not isinstance(data, dict) or not data:
        raise BadCondition("There is no condition yet. Choose what is looked at.")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadCondition("This kind of condition does not exist. Choose one of the list.", "kind")
    unknown = set(data) - FIELDS[kind] - {"kind"}
    if unknown:
        raise BadCondition(f"It has fields that are not known: {_few(unknown)}. Take them out.")
    return _READERS[kind](data)


def _few(names: Iterable[Any]) -> str:
    return ", ".join(str(name)[:40] for name in sorted(names, key=str)[:3])


def _outcome(data: Mapping[str, Any]) -> Condition:
    step = _text(data, "step", 40, "Choose the step whose result is looked at.")
    return Condition("outcome", step=step, value=_text(data, "is", 60, "Choose the result."))


def _signal(data: Mapping[str, Any]) -> Condition:
    if data.get("is") not in ("resolved", RECOVERED):
        raise BadCondition("A signal can only be asked for being resolved or recovered.", "is")
    return Condition("signal", value=data["is"])


def _indicator(data: Mapping[str, Any]) -> Condition:
    return Condition("indicator", of=_id(data, "indicator"), wanted=_bool(data, "holds"))


def _segment(data: Mapping[str, Any]) -> Condition:
    return Condition("segment", of=_id(data, "segment"), wanted=_bool(data, "inside"))


def _metric(data: Mapping[str, Any]) -> Condition:
    if data.get("op") not in OPERATORS:
        raise BadCondition("Choose whether it is to be at least or at most.", "op")
    return Condition("metric", of=_id(data, "metric"), op=data["op"], value=_number(data.get("value")))


def _stage(data: Mapping[str, Any]) -> Condition:
    stages = data.get("in")
    if not isinstance(stages, list) or not stages or any(stage not in Stage.values for stage in stages):
        raise BadCondition("Choose at least one lifecycle stage.", "in")
    return Condition("stage", stages=tuple(stage for stage in Stage.values if stage in stages))


_READERS = {
    "outcome": _outcome,
    "signal": _signal,
    "indicator": _indicator,
    "metric": _metric,
    "segment": _segment,
    "stage": _stage,
}


def _text(data: Mapping[str, Any], field: str, most: int, text: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value or len(value) > most:
        raise BadCondition(text, field)
    return value


def _id(data: Mapping[str, Any], field: str) -> int:
    value = data.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**62:
        raise BadCondition(f"Choose the {field}.", field)
    return value


def _bool(data: Mapping[str, Any], field: str) -> bool:
    value = data.get(field, True)
    if not isinstance(value, bool):
        raise BadCondition("Say whether it is to be so or not.", field)
    return value


def _number(value: Any) -> str:
    text = "" if isinstance(value, bool) else str(value if value is not None else "")
    try:
        number = Decimal(text) if len(text) <= 24 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 13:
        raise BadCondition("Write a number, such as 25 or 0.5.", "value")
    return f"{number:f}"


def as_json(condition: Condition) -> dict[str, Any]:
    """The form in which it is stored."""
    rest: dict[str, dict[str, Any]] = {
        "outcome": {"step": condition.step, "is": condition.value},
        "signal": {"is": condition.value},
        "indicator": {"indicator": condition.of, "holds": condition.wanted},
        "metric": {"metric": condition.of, "op": condition.op, "value": condition.value},
        "segment": {"segment": condition.of, "inside": condition.wanted},
        "stage": {"in": list(condition.stages)},
    }
    return {"kind": condition.kind, **rest[condition.kind]}


def check(data: Any, names: Names | None = None, earlier: Earlier | None = None) -> str:
    """What is wrong with a condition now, as a sentence; "" if nothing is.

    earlier: the steps that it may look at; None leaves that unlooked at.
    """
    try:
        condition = read_condition(data)
    except BadCondition as error:
        return str(error)
    names = names or Names()
    if condition.kind == "outcome":
        return "" if earlier is None else _outcome_problem(condition, earlier)
    if condition.kind in ("signal", "stage"):
        return ""
    known = {"segment": "segments", "indicator": "indicators", "metric": "metrics"}[condition.kind]
    return problem_of(getattr(names, known), condition.of, condition.kind)


def _outcome_problem(condition: Condition, earlier: Earlier) -> str:
    if condition.step not in earlier:
        return "It looks at a step that is gone, or does not come before. Choose an earlier step."
    title, outcomes = earlier[condition.step]
    if condition.value not in {value for value, _ in outcomes}:
        return f"“{title}” cannot end with “{condition.value}”. Choose another result."
    return ""


def words(data: Any, names: Names | None = None, earlier: Earlier | None = None) -> str:
    """The condition as a clause: “weekly users is at least 25”. A phrase if it cannot be read."""
    try:
        condition = read_condition(data)
    except BadCondition:
        return "a condition that is not chosen yet"
    return _WORDS[condition.kind](condition, names or Names(), earlier or {})


def _outcome_words(condition: Condition, names: Names, earlier: Earlier) -> str:
    title, outcomes = earlier.get(condition.step, (condition.step, ()))
    return f"“{title}” ended with “{dict(outcomes).get(condition.value, condition.value)}”"


def _signal_words(condition: Condition, names: Names, earlier: Earlier) -> str:
    if condition.value == RECOVERED:
        return "the signal has recovered (what raised it holds no more, or the opportunity was taken)"
    return "the signal is resolved"


def _indicator_words(condition: Condition, names: Names, earlier: Earlier) -> str:
    label = name_of(names.indicators, condition.of)
    return f"“{label}” holds" if condition.wanted else f"“{label}” does not hold (any more)"


def _metric_words(condition: Condition, names: Names, earlier: Earlier) -> str:
    metric = names.metrics.get(condition.of)
    value = formats.with_unit(Decimal(condition.value), metric.unit if metric else "")
    return f"{name_of(names.metrics, condition.of)} is {OPERATORS[condition.op]} {value}"


def _segment_words(condition: Condition, names: Names, earlier: Earlier) -> str:
    label = name_of(names.segments, condition.of)
    return f"the account is {'in' if condition.wanted else 'not in'} the segment “{label}”"


def _stage_words(condition: Condition, names: Names, earlier: Earlier) -> str:
    return f"the stage is {' or '.join(str(Stage(stage).label).lower() for stage in condition.stages)}"


_WORDS = {
    "outcome": _outcome_words,
    "signal": _signal_words,
    "indicator": _indicator_words,
    "metric": _metric_words,
    "segment": _segment_words,
    "stage": _stage_words,
}


def holds_for(condition: Any, *, play: Any = None, account_id: int | None = None, day: date) -> bool:
    """Whether it holds at the end of a day for a play (its account, signal and steps), or an account.

    Raises BadCondition, and CannotTell with a sentence: what it names is gone, or it needs a play.
    A constant number of queries (at most three).
    """
    if play is not None:
        span = Span(play.account_id, day, day, play.signal_id, play.pk)
    else:
        span = Span(account_id or 0, day, day)
    return first_days(read_condition(condition), [span])[0] is not None


def accounts_where(
    condition: Any, account_ids: Iterable[int], day: date, signals: Mapping[int, int] | None = None
) -> set[int]:
    """Those of the accounts for which it holds at the end of a day; a constant number of queries.

    signals: the signal that is meant, by account. Raises BadCondition and CannotTell.
    """
    known = signals or {}
    spans = [Span(pk, day, day, known.get(pk)) for pk in sorted(set(account_ids))]
    days = first_days(read_condition(condition), spans)
    return {span.account_id for span, found in zip(spans, days, strict=True) if found is not None}
