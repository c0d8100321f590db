"""What the command palette can find: every floor adds its sources and its actions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from csworkspace.people.access import Needs


@dataclass(frozen=True)
class Hit:
    """Something found: what it is called, where it is, and a word that tells it from its like.

    words: what else it may be called, lower case; searched, never shown.
    """

    label: str
    url: str
    note: str = ""
    words: str = ""


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


@dataclass(frozen=True)
class FurtherPage:
    """A page that is not in the navigation: as `Hit`, with its URL name and what it needs."""

    label: str
    url_name: str
    needs: Needs
    note: str
    words: str = ""


LIMIT = 6
_sources: list[Source] = []
_commands: list[Command] = []
_pages: list[FurtherPage] = []


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


def add_page(page: FurtherPage) -> None:
    """Let the palette find a page that neither the navigation nor the settings list."""
    if page not in _pages:
        _pages.append(page)


def further_pages() -> list[FurtherPage]:
    """These pages, in the order they were added."""
    return list(_pages)
