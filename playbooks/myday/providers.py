"""Where the day's things come from: every concept may register what it knows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from csworkspace.people.access import Needs, may
from csworkspace.web.urls import workspace_url
from playbooks.myday.urgency import Item, Step

# More than this of one kind is no list for a day; a provider gives the most urgent ones.
CAP = 500


@dataclass(frozen=True)
class Viewpoint:
    """Whose day it is (`owner_id`, None: the whole team's), on which day, and who looks."""

    request: Any
    owner_id: int | None
    today: date

    @property
    def may_work(self) -> bool:
        """Whether the one who looks may do something about it."""
        return may(self.request.membership.role, Needs.WORK)

    def link(self, label: str, name: str, *args: Any, anchor: str = "") -> Step:
        """A step to a page of the workspace."""
        url = workspace_url(self.request, name, *args)
        return Step(label, f"{url}#{anchor}" if anchor else url)


@dataclass(frozen=True)
class Provider:
    """A kind of things: its name, and how to find at most CAP of them in a constant number of queries."""

    name: str
    items: Callable[[Viewpoint], list[Item]]


_providers: list[Provider] = []


def add_provider(provider: Provider) -> None:
    """Let a kind of things appear in everybody's day."""
    if provider not in _providers:
        _providers.append(provider)


def providers() -> list[Provider]:
    """All of them, in the order in which they came."""
    return list(_providers)
