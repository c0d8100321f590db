"""A segment's definition: groups of conditions, read from JSON with errors that say where and what to do.

{"match": "all"|"any", "groups": [{"match": "all"|"any", "conditions":
[{"field": "renewal", "op": "within", "value": "120", "of": ""}]}]}
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from accounts.segments.registry import Criterion, Operator, criterion_named
from accounts.segments.values import read_value

MAX_GROUPS = 10
MAX_CONDITIONS = 10
MATCHES = ("all", "any")


@dataclass(frozen=True)
class Condition:
    """One field held against a value; the names are of registered criteria and operators."""

    field: str
    op: str
    value: Any = None
    of: str = ""


@dataclass(frozen=True)
class Group:
    """Conditions of which all, or any, must hold."""

    match: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Definition:
    """Groups of which all, or any, must hold."""

    match: str
    groups: tuple[Group, ...]

    def as_json(self) -> dict[str, Any]:
        """The form in which it is stored."""
        groups = [
            {"match": group.match, "conditions": [asdict(condition) for condition in group.conditions]}
            for group in self.groups
        ]
        return {"match": self.match, "groups": groups}

    def conditions(self) -> Iterator[tuple[int, int, Condition]]:
        """Every condition with the numbers of its group and place, from 0."""
        for group_number, group in enumerate(self.groups):
            for number, condition in enumerate(group.conditions):
                yield group_number, number, condition


@dataclass(frozen=True)
class Complaint:
    """What is wrong, where (counted from 0), and what to do."""

    text: str
    group: int | None = None
    condition: int | None = None
    field: str = ""

    def __str__(self) -> str:
        parts = [] if self.group is None else [f"group {self.group + 1}"]
        parts += [] if self.condition is None else [f"condition {self.condition + 1}"]
        where = ", ".join(parts).capitalize() + (f" ({self.field})" if self.field else "")
        return f"{where}: {self.text}" if where else self.text


class BadDefinition(ValueError):
    """A definition that cannot be; `complaints` say why, one by one."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__(" ".join(map(str, complaints)))
        self.complaints = complaints


def read_definition(data: Any) -> Definition:
    """A definition from JSON, checked against the registered criteria. Raises BadDefinition."""
    complaints: list[Complaint] = []
    groups = _list(data, "groups")
    if not groups:
        complaints.append(Complaint("The segment has no condition. Add at least one."))
    if len(groups) > MAX_GROUPS:
        complaints.append(Complaint(f"There are too many groups. Keep at most {MAX_GROUPS}."))
    read = [_group(group, number, complaints) for number, group in enumerate(groups[:MAX_GROUPS])]
    match = _match(data, complaints, None)
    if complaints:
        raise BadDefinition(complaints)
    return Definition(match, tuple(read))


def _list(data: Any, name: str) -> list[Any]:
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _match(data: Any, complaints: list[Complaint], group: int | None) -> str:
    match = data.get("match") if isinstance(data, dict) else None
    if match not in MATCHES:
        complaints.append(Complaint("Say whether all or any must hold.", group))
    return str(match)


def _group(data: Any, number: int, complaints: list[Complaint]) -> Group:
    items = _list(data, "conditions")
    if not items:
        complaints.append(Complaint("The group is empty. Add a condition or remove the group.", number))
    if len(items) > MAX_CONDITIONS:
        complaints.append(Complaint(f"Keep at most {MAX_CONDITIONS} conditions.", number))
    match = _match(data, complaints, number)
    found = [_condition(item, (number, place), complaints) for place, item in enumerate(items)]
    return Group(match, tuple(condition for condition in found if condition))


def _condition(data: Any, where: tuple[int, int], complaints: list[Complaint]) -> Condition | None:
    """A condition, or None with the complaint added."""
    values = data if isinstance(data, dict) else {}
    criterion = criterion_named(str(values.get("field", "")))
    if criterion is None:
        text = "There is no such field. Choose one of the list." if values.get("field") else "Choose a field."
        complaints.append(Complaint(text, *where))
        return None
    try:
        operator = _operator(criterion, values.get("op"))
        of = _subject(criterion, values.get("of"))
        return Condition(criterion.name, operator.name, read_value(operator, values.get("value")), of)
    except ValueError as error:
        complaints.append(Complaint(str(error), *where, criterion.label))
        return None


def _operator(criterion: Criterion, name: Any) -> Operator:
    operator = criterion.operator(str(name))
    if operator is None:
        known = ", ".join(f"“{item.label}”" for item in criterion.operators)
        raise ValueError(f"Choose how to compare: {known}.")
    return operator


def _subject(criterion: Criterion, of: Any) -> str:
    if criterion.subjects is None:
        return ""
    if not isinstance(of, str) or not of.strip() or "\x00" in of or len(of) > 120:
        raise ValueError(f"Choose the {criterion.subject}.")
    return of.strip()
