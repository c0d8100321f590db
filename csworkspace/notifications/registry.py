"""The kinds of notifications and the parts of the digest, each registered where its news comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from csworkspace.notifications.models import EmailWhen


@dataclass(frozen=True)
class NotificationKind:
    """A kind: its name, what the preferences call it, and when it is mailed unless a member chose.

    heading: what its news is called, in the page and in the digest, if that is another word than the label.
    """

    name: str
    label: str
    email: EmailWhen = EmailWhen.DIGEST
    heading: str = ""


_kinds: dict[str, NotificationKind] = {}


def add_notification_kind(kind: NotificationKind) -> None:
    """Offer a kind in the preferences (call in a concept's register)."""
    _kinds[kind.name] = kind


def notification_kinds() -> list[NotificationKind]:
    """All of them, in the order of registration."""
    return list(_kinds.values())


def kind_of(name: str) -> NotificationKind:
    """The registered kind. Raises KeyError."""
    return _kinds[name]


@dataclass(frozen=True)
class DigestLine:
    """A line of the digest: its text, and the route (with arguments) that it leads to, if any."""

    text: str
    page: str = ""
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class DigestSection:
    """A heading and its lines; `rest` counts those that are left out, `page` lists them all."""

    heading: str
    lines: list[DigestLine]
    rest: int = 0
    page: str = ""


@dataclass(frozen=True)
class DigestReader:
    """For whom a digest is written: the membership's id, its day, and since when it is news."""

    member_id: int
    today: date
    since: datetime


@dataclass(frozen=True)
class DigestPart:
    """What a concept says in the digest by itself, in a constant number of queries.

    covers: kinds of notifications that it tells already, so that they are not listed once more.
    """

    name: str
    find: Callable[[DigestReader], list[DigestSection]]
    covers: frozenset[str] = frozenset()
    order: int = 50


_parts: dict[str, DigestPart] = {}


def add_digest_part(part: DigestPart) -> None:
    """Let a concept speak in everybody's digest (call in a concept's register)."""
    _parts[part.name] = part


def digest_parts() -> list[DigestPart]:
    """All of them, in order."""
    return sorted(_parts.values(), key=lambda part: (part.order, part.name))


def headings() -> Mapping[str, str]:
    """What news of the kinds is called, by name."""
    return {kind.name: kind.heading or kind.label for kind in _kinds.values()}
