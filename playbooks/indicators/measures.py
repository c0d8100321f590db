"""The registry of measures: what an indicator can be about. Upper concepts may register more.

A measure compiles its parameters to one statement for any number of accounts (`asked.Statement`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from playbooks.indicators.asked import Asked, Statement
from playbooks.indicators.naming import Names


class When(StrEnum):
    """On which side of the threshold an indicator holds; CHOSEN: its definition says which."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Told:
    """A reading, with the definition that it is about, to be put into words."""

    params: Mapping[str, Any]
    names: Names
    day: date
    value: Decimal | None
    compared: Decimal | None
    detail: Mapping[str, Any]

    @property
    def test(self) -> Decimal | None:
        """The number that the thresholds were held against."""
        tested = self.detail.get("test")
        return self.value if tested is None else Decimal(str(tested))


@dataclass(frozen=True)
class Proof:
    """A number behind a reading, with the page that shows it (a route's name, its arguments and query)."""

    label: str
    value: str
    page: str = ""
    args: tuple[Any, ...] = ()
    query: str = ""


Compile = Callable[[Asked], Statement]
Words = Callable[[Mapping[str, Any], Names], str]
Placeholders = Callable[[Told], dict[str, str]]
Proofs = Callable[[Told], list[Proof]]


def nothing_missing(params: Mapping[str, Any], names: Names) -> str:
    """Nothing that the parameters name is gone."""
    return ""


@dataclass(frozen=True)
class Measure:
    """A number about an account on a day.

    events: the domain events that change its inputs; a new day always does. words: the number in words,
    such as "days since somebody was active". placeholders: what explanations may use, each with its
    meaning; `said` gives their texts for a reading. unit: of the tested number. counts_days: the number
    grows by itself every day, so that only its beginning is history. begins and ends: sensible thresholds.
    ages_out: it tells of what has happened, which stops to count with time and is not mended by that.
    is_rare: most accounts never have what it counts, so that not holding says nothing good of one.
    over: reasons for no data that mean that whom or what a signal names is not there any more, each with a
    sentence that wants the day. lapsed: such a sentence for readings that do not hold any more only because
    what they told of ran out of time; their detail says `lapsed`.
    missing: says what the parameters name that is gone. past: what can be known of a past day, in words.
    """

    name: str
    label: str
    section: str
    help: str
    form: type[Any]
    compile: Compile
    words: Words
    said: Placeholders
    proofs: Proofs
    placeholders: Mapping[str, str]
    explanation: str
    past: str
    events: Sequence[str] = ()
    when: When = When.AT_LEAST
    unit: str = ""
    begins: str = "1"
    ends: str = "1"
    counts_days: bool = False
    ages_out: bool = False
    is_rare: bool = False
    over: Mapping[str, str] = field(default_factory=dict)
    lapsed: str = ""
    missing: Words = field(default=nothing_missing)


_measures: dict[str, Measure] = {}


def register_measure(measure: Measure) -> None:
    """Offer a measure to indicators (call in a concept's register)."""
    _measures[measure.name] = measure


def measure_named(name: str) -> Measure | None:
    """The registered measure, if there is one."""
    return _measures.get(name)


def measures() -> list[Measure]:
    """All of them, in the order of registration."""
    return list(_measures.values())


def listening_to(event: str) -> list[str]:
    """The names of the measures whose inputs an event changes."""
    return [measure.name for measure in measures() if event in measure.events]
