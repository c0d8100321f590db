"""What the command palette can find: every floor adds its sources and its actions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from csworkspace.people.access import Needs


@dataclass(frozen=True)
class Hit:
    """Something found: what it is called, where it is, and a word that tells it from its like."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of things: its heading, what it needs of the person, how to find, and its place.

    `find(request, text)` takes what was typed (never empty, unless `answers_empty`) and gives at most
    LIMIT hits, the closest first, in one query at most.
    """

    label: str
    needs: Needs
    find: Callable[[Any, str], list[Hit]]
    order: int = 50
    answers_empty: bool = False


@dataclass(frozen=True)
class Command:
    """Something to do that has a page of its own: "New account", its URL name, what it needs."""

    label: str
    url_name: str
    needs: Needs


LIMIT = 6
_sources: list[Source] = []
_commands: list[Command] = []


def add_source(source: Source) -> None:
    """Let the palette find a further kind of things."""
    if source not in _sources:
        _sources.append(source)
        _sources.sort(key=lambda item: item.order)


def sources() -> list[Source]:
    """Everything that can be found, in order."""
    return list(_sources)


def add_command(command: Command) -> None:
    """Offer an action in the palette."""
    if command not in _commands:
        _commands.append(command)
        _commands.sort(key=lambda item: item.label)


def commands() -> list[Command]:
    """The actions on offer, by name."""
    return list(_commands)
