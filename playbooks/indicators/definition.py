"""An indicator's definition, read from JSON with errors that say where and what to do.

{"params": {…, as the measure's form stores them}, "when": "at_least"|"at_most", "begins": "40", "ends": "30",
"stages": ["adopting"], "tenure_days": 90, "renewal_days": 120}; the last three may be left out.

Hysteresis: it begins to hold at `begins`, and holds until its number is on the other side of `ends`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.accounts.models import Stage
from playbooks.indicators.measures import Measure, When, measure_named
from playbooks.indicators.naming import Names

MOST = Decimal(10) ** 13
MOST_DAYS = 3650


@dataclass(frozen=True)
class Definition:
    """What is measured, when it begins and ends to hold, and which accounts are asked."""

    params: Mapping[str, Any]
    when: When
    begins: Decimal
    ends: Decimal
    stages: tuple[str, ...] = ()
    tenure_days: int = 0
    renewal_days: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The form in which it is stored; what says nothing is left out."""
        found: dict[str, Any] = {
            "params": dict(self.params),
            "when": str(self.when),
            "begins": plain(self.begins),
            "ends": plain(self.ends),
        }
        if self.stages:
            found["stages"] = list(self.stages)
        if self.tenure_days:
            found["tenure_days"] = self.tenure_days
        if self.renewal_days is not None:
            found["renewal_days"] = self.renewal_days
        return found


class BadDefinition(ValueError):
    """A definition that cannot be; `complaints` are (field, sentence)."""

    def __init__(self, complaints: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(text for _, text in complaints))
        self.complaints = complaints


def plain(value: Decimal) -> str:
    """12.50 → "12.5"; never in powers of ten."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def read_definition(name: str, data: Any, names: Names) -> Definition:
    """A definition from JSON, checked against the measure and what there is. Raises BadDefinition."""
    measure = measure_named(name)
    if measure is None:
        raise BadDefinition([("measure", "There is no such measure. Choose one of the list.")])
    values = data if isinstance(data, dict) else {}
    complaints: list[tuple[str, str]] = []
    params = _params(measure, values.get("params"), names, complaints)
    when = _when(measure, values.get("when"), complaints)
    begins = _number(values.get("begins"), "begins", complaints)
    ends = _number(values.get("ends"), "ends", complaints)
    complaints += safe_side(when, begins, ends)
    stages = _stages(values.get("stages"), complaints)
    tenure = _days(values.get("tenure_days", 0), "tenure_days", complaints)
    renewal = values.get("renewal_days")
    renewal = None if renewal is None else _days(renewal, "renewal_days", complaints)
    if complaints:
        raise BadDefinition(complaints)
    return Definition(params, when, begins, ends, stages, tenure, renewal)


def stored(data: Mapping[str, Any]) -> Definition:
    """A definition that was checked when it was stored. Raises KeyError, ValueError or TypeError."""
    renewal = data.get("renewal_days")
    return Definition(
        params=data["params"],
        when=When(data["when"]),
        begins=Decimal(data["begins"]),
        ends=Decimal(data["ends"]),
        stages=tuple(data.get("stages", ())),
        tenure_days=int(data.get("tenure_days", 0)),
        renewal_days=None if renewal is None else int(renewal),
    )


def safe_side(when: When, begins: Decimal, ends: Decimal) -> list[tuple[str, str]]:
    """A complaint if it would end to hold before it begins."""
    if when == When.AT_LEAST and ends > begins:
        return [("ends", f"It begins at {plain(begins)} or more, so it must end at {plain(begins)} or less.")]
    if when == When.AT_MOST and ends < begins:
        return [("ends", f"It begins at {plain(begins)} or less, so it must end at {plain(begins)} or more.")]
    return []


def _params(
    measure: Measure, data: Any, names: Names, complaints: list[tuple[str, str]]
) -> Mapping[str, Any]:
    """The parameters through the measure's own form, so that there is one set of rules."""
    form: Any = measure.form(data=data if isinstance(data, dict) else {}, names=names)
    if form.is_valid():
        params: dict[str, Any] = form.params()
        return params
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else measure.label
        complaints += [(field, f"{label or field}: {error}") for error in errors]
    return {}


def _when(measure: Measure, value: Any, complaints: list[tuple[str, str]]) -> When:
    if measure.when != When.CHOSEN:
        return measure.when
    if value not in (When.AT_LEAST, When.AT_MOST):
        complaints.append(("when", "Say whether it holds at that number or more, or at that number or less."))
        return When.AT_LEAST
    return When(value)


def _number(value: Any, field: str, complaints: list[tuple[str, str]]) -> Decimal:
    try:
        if isinstance(value, bool) or len(str(value)) > 40:
            raise ValueError
        number = Decimal(str(value).strip())
        if not number.is_finite() or abs(number) > MOST or number != round(number, 6):
            raise ValueError
    except (InvalidOperation, ValueError):
        complaints.append((field, "Write a number like 40 or 12.5."))
        return Decimal(0)
    return number


def _stages(value: Any, complaints: list[tuple[str, str]]) -> tuple[str, ...]:
    found = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if any(stage not in Stage.values for stage in found):
        complaints.append(("stages", "Choose stages of the list."))
        return ()
    return tuple(stage for stage in Stage.values if stage in found)


def _days(value: Any, field: str, complaints: list[tuple[str, str]]) -> int:
    text = str(value)
    is_number = not isinstance(value, bool) and text.isascii() and text.isdecimal() and len(text) <= 9
    if not is_number or int(text) > MOST_DAYS:
        complaints.append((field, f"Write a number of days from 0 to {MOST_DAYS}."))
        return 0
    return int(text)
