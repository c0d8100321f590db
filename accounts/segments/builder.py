"""The builder of conditions: form fields to a raw definition, and a definition to rows of controls.

Field names are `match`, `g0-match`, and for each condition `g0-c0-field`, `-op`, `-of`, `-value`, and
`-was`: the field that the other controls were shown for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.segments.definition import MAX_CONDITIONS, MAX_GROUPS, Complaint
from accounts.segments.known import Known
from accounts.segments.registry import Choice, Criterion, Operator, Shape, criteria, criterion_named

Raw = dict[str, Any]
EMPTY: Raw = {"field": "", "op": "", "of": "", "value": None}
FIRST: Raw = {"match": "all", "groups": [{"match": "all", "conditions": [EMPTY]}]}
MATCHES = [("all", "all"), ("any", "any")]
PAIRS = (Shape.NUMBERS, Shape.DATES)


def read_form(data: Any) -> Raw:
    """What was typed, as JSON of a definition; nothing is checked. One more than allowed is read."""
    groups = []
    for number in range(MAX_GROUPS + 1):
        if f"g{number}-match" not in data:
            break
        places = range(MAX_CONDITIONS + 1)
        found = [_read_condition(data, f"g{number}-c{place}-") for place in places]
        groups.append(
            {"match": data[f"g{number}-match"], "conditions": [item for item in found if item is not None]}
        )
    return {"match": data.get("match", "all"), "groups": groups}


def shown_of(stored: Any) -> Raw:
    """A stored definition, also one that cannot be read any more, in the form that is shown."""
    source = stored if isinstance(stored, dict) else {}
    groups = source.get("groups")
    found = [_shown_group(group) for group in groups if isinstance(group, dict)] if groups else []
    kept = [group for group in found if group["conditions"]]
    return {"match": str(source.get("match", "all")), "groups": kept or FIRST["groups"]}


def _shown_group(group: Raw) -> Raw:
    items = group.get("conditions")
    found = [{**EMPTY, **item} for item in items if isinstance(item, dict)] if items else []
    return {"match": str(group.get("match", "all")), "conditions": found}


def _read_condition(data: Any, prefix: str) -> Raw | None:
    """A condition as typed; what was meant for another field is forgotten."""
    name = data.get(f"{prefix}field")
    if name is None:
        return None
    criterion = criterion_named(name)
    if criterion is None or data.get(f"{prefix}was", name) != name:
        return {**EMPTY, "field": name}
    op = data.get(f"{prefix}op", "")
    operator = criterion.operator(op)
    values = data.getlist(f"{prefix}value")
    plain = operator is None or operator.shape not in (*PAIRS, Shape.CHOICES)
    value = next(iter(values), None) if plain else values
    return {"field": name, "op": op, "of": data.get(f"{prefix}of", ""), "value": value}


def change(raw: Raw, verb: str) -> Raw:
    """A definition after a button: add-group, add-0 (a condition to group 0), remove-0, remove-0-2."""
    groups = [{**group, "conditions": list(group["conditions"])} for group in raw["groups"]]
    word, *numbers = verb.split("-")
    at = [int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 3]
    if verb == "add-group" and len(groups) < MAX_GROUPS:
        groups.append({"match": "all", "conditions": [EMPTY]})
    elif at and at[0] < len(groups):
        conditions = groups[at[0]]["conditions"]
        if word == "add" and len(conditions) < MAX_CONDITIONS:
            conditions.append(EMPTY)
        elif word == "remove" and len(at) == 2 and at[1] < len(conditions):
            del conditions[at[1]]
        elif word == "remove" and len(at) == 1:
            del groups[at[0]]
    kept = [group for group in groups if group["conditions"]]
    return {"match": raw["match"], "groups": kept or FIRST["groups"]}


@dataclass(frozen=True)
class Control:
    """What is filled in beside an operator."""

    shape: str = ""
    unit: str = ""
    values: Sequence[str] = ()
    boxes: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Row:
    """A condition's controls; `prefix` begins the names of its fields."""

    prefix: str
    number: int
    place: int
    field: str
    fields: SafeString
    operators: str = ""
    subject: str = ""
    subjects: str = ""
    control: Control = field(default_factory=Control)
    errors: Sequence[str] = ()


@dataclass(frozen=True)
class GroupRows:
    """A group's controls."""

    number: int
    place: int
    matches: SafeString
    rows: Sequence[Row]
    errors: Sequence[str]
    is_full: bool


def rows_of(raw: Raw, known: Known, complaints: Iterable[Complaint] = ()) -> dict[str, Any]:
    """Everything that the builder's template shows."""
    said: dict[tuple[int | None, int | None], list[str]] = defaultdict(list)
    for complaint in complaints:
        said[complaint.group, complaint.condition].append(complaint.text)
    groups = [
        GroupRows(
            number=number,
            place=number + 1,
            matches=options(MATCHES, group["match"]),
            rows=[
                _row(item, number, place, known, said[number, place])
                for place, item in enumerate(group["conditions"])
            ],
            errors=said[number, None],
            is_full=len(group["conditions"]) >= MAX_CONDITIONS,
        )
        for number, group in enumerate(raw["groups"] or FIRST["groups"])
    ]
    return {
        "groups": groups,
        "matches": options(MATCHES, raw["match"]),
        "is_full": len(groups) >= MAX_GROUPS,
    }


def _row(raw: Raw, number: int, place: int, known: Known, errors: Sequence[str]) -> Row:
    prefix, criterion = f"g{number}-c{place}-", criterion_named(str(raw["field"]))
    if criterion is None:
        return Row(prefix, place, place + 1, "", field_options(""), errors=errors)
    operator = criterion.operator(str(raw["op"])) or criterion.operators[0]
    subjects = offered(known.read(criterion.subjects), [str(raw["of"])], criterion.open_subjects)
    return Row(
        prefix=prefix,
        number=place,
        place=place + 1,
        field=criterion.name,
        fields=field_options(criterion.name),
        operators=options([(item.name, item.label) for item in criterion.operators], operator.name),
        subject=criterion.subject,
        subjects=options([("", f"Choose the {criterion.subject}"), *subjects], str(raw["of"])),
        control=_control(criterion, operator, raw["value"], known),
        errors=errors,
    )


def _control(criterion: Criterion, operator: Operator, value: Any, known: Known) -> Control:
    unit = known.unit(operator)
    if operator.shape == Shape.CHOICES:
        chosen = [str(item) for item in value] if isinstance(value, list) else []
        choices = offered(known.read(criterion.choices), chosen, criterion.open_choices)
        boxes = [{"value": key, "label": label, "checked": key in chosen} for key, label in choices]
        return Control(operator.shape, unit, boxes=boxes)
    values = value if isinstance(value, list) else [value]
    texts = ["" if item is None else str(item) for item in values[:2]]
    if operator.shape in PAIRS:
        texts += [""] * (2 - len(texts))
    return Control(operator.shape, unit, texts)


def offered(known: Mapping[str, Choice], chosen: Sequence[str], is_open: bool) -> list[tuple[str, str]]:
    """What can be chosen: what is there, and what was chosen before (gone, or with `is_open` unknown)."""
    found = [
        (choice.value, f"{choice.label} ({choice.gone})" if choice.gone else choice.label)
        for choice in known.values()
        if not choice.gone or choice.value in chosen
    ]
    typed = [(value, value) for value in chosen if is_open and value and value not in known]
    return found + typed


def field_options(chosen: str) -> SafeString:
    """The fields under the headings of their sections."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for criterion in criteria():
        sections.setdefault(criterion.section, []).append((criterion.name, criterion.label))
    grouped = format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        ((name, options(fields, chosen)) for name, fields in sections.items()),
    )
    return format_html('<option value="">Choose a field</option>{}', grouped)


def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """<option> elements, escaped."""
    marked = mark_safe(" selected")
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, marked if value == chosen else "", label) for value, label in choices),
    )
