"""The kinds of notifications, each registered where its news comes from."""

from dataclasses import dataclass

from csworkspace.notifications.models import EmailWhen


@dataclass(frozen=True)
class NotificationKind:
    """A kind: its name, what the preferences call it, and when it is mailed unless a member chose."""

    name: str
    label: str
    email: EmailWhen = EmailWhen.DIGEST


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
