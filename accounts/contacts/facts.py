"""What upper floors know of the people of an account: a column each on the page of people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PersonFact:
    """A column: its label, and find(request, account_id) → contact's id → words; one query at most."""

    label: str
    find: Callable[[Any, int], dict[int, str]]


_facts: list[PersonFact] = []


def add_person_fact(fact: PersonFact) -> None:
    """Show a column on the page of people (call in a concept's register)."""
    if fact not in _facts:
        _facts.append(fact)


def facts_of_people(request: Any, account_id: int) -> list[tuple[str, dict[int, str]]]:
    """Label and words by contact, of every column that has any."""
    found = [(fact.label, fact.find(request, account_id)) for fact in _facts]
    return [(label, words) for label, words in found if words]
