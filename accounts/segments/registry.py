"""What segments can be made of: criteria, which every floor registers for what it knows.

A criterion compiles a condition to SQL over `accounts_bookrow row`. Values of people are always
parameters; the text is made of literals of the registering module alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Sql = tuple[str, list[Any]]
MOST = 10**14
# The unit of an operator whose numbers are in the workspace's currency.
CURRENCY = "currency"


class Shape(StrEnum):
    """What is given with an operator."""

    NOTHING = "nothing"
    CHOICES = "choices"
    NUMBER = "number"
    NUMBERS = "numbers"
    DATE = "date"
    DATES = "dates"
    TEXT = "text"


@dataclass(frozen=True)
class Operator:
    """How a field is held against a value: "is at least", with a number.

    unit follows the number in words. lowest and highest bound numbers; places are their decimals.
    """

    name: str
    label: str
    shape: Shape = Shape.NOTHING
    unit: str = ""
    lowest: int = -MOST
    highest: int = MOST
    places: int = 6


@dataclass(frozen=True)
class Choice:
    """Something a condition may name. `gone` says what became of it, such as "is retired".

    unit: what its numbers are in, for metrics.
    """

    value: str
    label: str
    gone: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Asked:
    """A condition whose values have their types: lists of str, Decimal, date, str, or pairs of these.

    of: the subject, such as a metric's id, of criteria that have subjects.
    """

    op: str
    value: Any
    of: str
    today: date


Source = Callable[[], Sequence[Choice]]


@dataclass(frozen=True)
class Need:
    """What must be there for a condition to mean something, beside its choices and its subject.

    words: what a condition needs, such as a tag. missing: those of some words that are not there,
    with a sentence each; one query.
    """

    words: Callable[[Asked], Sequence[str]]
    missing: Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Criterion:
    """A field that conditions can be about.

    choices: what may be chosen; with open_choices other values are possible too (a tag that nobody
    has any more). subjects: what the field is of, such as the metrics; `subject` is their word.
    words: how a condition is said, of {label}, {of} (the subject's name), {operator} and {value}.
    is_local: whether an account's own changes alone decide, so that only those are looked at.
    """

    name: str
    label: str
    section: str
    operators: tuple[Operator, ...]
    compile: Callable[[Asked], Sql]
    choices: Source | None = None
    open_choices: bool = False
    subject: str = ""
    subjects: Source | None = None
    open_subjects: bool = False
    need: Need | None = None
    words: str = "{label} {operator} {value}"
    is_local: bool = True

    def operator(self, name: str) -> Operator | None:
        """The operator of this name."""
        return next((operator for operator in self.operators if operator.name == name), None)


_criteria: dict[str, Criterion] = {}


def register_criterion(criterion: Criterion) -> None:
    """Offer a field to segments (call in a concept's register)."""
    _criteria[criterion.name] = criterion


def criterion_named(name: str) -> Criterion | None:
    """The registered criterion, if there is one."""
    return _criteria.get(name)


def criteria() -> list[Criterion]:
    """All of them, in the order of registration."""
    return list(_criteria.values())
