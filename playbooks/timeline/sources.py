"""What tells an account's story: every concept may register what it knows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Happening:
    """One thing that happened to an account, or is going to; the words are ready to print.

    at and key give the order and make it unique ("signal 12 raised"). url: the page of it, if it has one.
    tone: "", "good", "warn" or "bad". text: plain, or safe HTML as a SafeString.
    word and icon: what kind it is, if its source's word and icon do not say it ("Call").
    What lasts the whole day is at midnight of the workspace's zone; it is printed without an hour.
    """

    at: datetime
    key: str
    title: str
    text: str = ""
    by: str = ""
    url: str = ""
    tone: str = ""
    word: str = ""
    icon: str = ""


Place = tuple[datetime, str]


@dataclass(frozen=True)
class TimelineSource:
    """A kind of happenings: its name, its label in the filter, and how the newest ones are found.

    find(request, account_id, before, limit): at most `limit` happenings with (at, key) < before, newest
    first (before None: from the newest on); a constant number of queries. Keys are compared as Python
    and the collation "C" compare texts; `reading.newest` does it for any statement.
    word: what one of them is called, if not as the label; icon: of static/icons/icons.svg, without one
    that of ICONS.
    """

    name: str
    label: str
    find: Callable[[Any, int, Place | None, int], list[Happening]]
    order: int = 50
    word: str = ""
    icon: str = ""


# For kinds that name no icon of their own.
ICONS = {
    "signals": "flag",
    "plays": "play",
    "tasks": "check",
    "messages": "mail",
    "recommendations": "bulb",
    "scores": "gauge",
    "news": "news",
    "incidents": "warning",
}
_sources: dict[str, TimelineSource] = {}


def add_timeline(source: TimelineSource) -> None:
    """Let a kind of happenings appear on every account's timeline (call in a concept's register)."""
    _sources[source.name] = source


def icon_of(source: TimelineSource) -> str:
    """The icon of a kind of happenings."""
    return source.icon or ICONS.get(source.name, "info")


def timeline_sources() -> list[TimelineSource]:
    """All of them, in order."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.label))
