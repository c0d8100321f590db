"""A definition in words, for people who read pages and not JSON."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.segments.definition import Condition, Definition, Group
from accounts.segments.known import Known
from accounts.segments.registry import Criterion, Operator, Shape
from csworkspace.web import formats, times

ONE = {"days": "day", "people": "person", "services": "service"}
SHOWN = 6
HEADS = {"all": "All of these hold", "any": "At least one of these holds"}


@dataclass(frozen=True)
class GroupWords:
    """A group: what must hold of its lines."""

    head: str
    lines: list[str]


def sentence_of(definition: Definition, known: Known) -> str:
    """One sentence: "Tier is one of Top, and renewal is within the next 120 days."."""
    several = len(definition.groups) > 1
    groups = [_group_words(group, known, brackets=several) for group in definition.groups]
    text = (", and " if definition.match == "all" else ", or ").join(groups)
    start = next((at for at, letter in enumerate(text) if letter != "("), 0)
    return f"{text[:start]}{text[start : start + 1].upper()}{text[start + 1 :]}."


def groups_of(definition: Definition, known: Known) -> list[GroupWords]:
    """Each group with a line for each of its conditions."""
    return [
        GroupWords(HEADS[group.match], [_upper(condition_words(item, known)) for item in group.conditions])
        for group in definition.groups
    ]


def _group_words(group: Group, known: Known, *, brackets: bool) -> str:
    join = ", and " if group.match == "all" else ", or "
    text = join.join(condition_words(condition, known) for condition in group.conditions)
    return f"({text})" if brackets and len(group.conditions) > 1 else text


def condition_words(condition: Condition, known: Known) -> str:
    """One condition: "renewal is within the next 120 days"."""
    criterion, operator, asked = known.asked(condition)
    subject = known.read(criterion.subjects).get(asked.of) if not criterion.open_subjects else None
    unit = known.unit(operator) or (subject.unit if subject else "")
    label = criterion.label if criterion.label[:2].isupper() else _lower(criterion.label)
    of = subject.label if subject else asked.of if criterion.open_subjects else f"a {criterion.subject}"
    value = _value_words(criterion, operator, asked.value, unit, known)
    return criterion.words.format(label=label, of=of, operator=operator.label, value=value).strip()


def _value_words(criterion: Criterion, operator: Operator, value: Any, unit: str, known: Known) -> str:
    if operator.shape == Shape.NOTHING:
        return ""
    if operator.shape == Shape.CHOICES:
        return _choices_words(criterion, value, known)
    if operator.shape == Shape.TEXT:
        return f"“{value}”"
    items = value if isinstance(value, list) else [value]
    return " and ".join(
        _amount(item, unit) if isinstance(item, Decimal) else times.day(item) for item in items
    )


def _choices_words(criterion: Criterion, values: list[str], known: Known) -> str:
    """The labels in the order of the list; what is not in it as it is, or as gone."""
    choices = {} if criterion.open_choices else known.read(criterion.choices)
    labels = [choice.label for choice in choices.values() if choice.value in values]
    labels += [
        value if criterion.open_choices else "something that is gone"
        for value in values
        if value not in choices
    ]
    more = len(labels) - SHOWN
    return ", ".join(labels[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _amount(value: Decimal, unit: str) -> str:
    return formats.with_unit(value, ONE.get(unit, unit) if value == 1 else unit)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
