"""What a member was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from csworkspace.notifications.models import Notification
from csworkspace.notifications.registry import headings
from csworkspace.web import times

PAGE, MOST_UNREAD = 50, 100
# More than this is said as "99+"; counting further would only cost.
UNREAD = (
    "(select count(*) from (select from csworkspace_notification n where n.member_id = %(member)s "
    "and n.read_at is null and opened.space is not null limit 100) unread)"
)


@dataclass(frozen=True)
class NotificationRow:
    """A notification, ready to print."""

    id: int
    kind: str
    title: str
    text: str
    when: str
    iso: str
    is_read: bool
    leads: bool


def unread_of(member_id: int, now: datetime, zone: str) -> list[NotificationRow]:
    """The newest unread ones, at most MOST_UNREAD; one query."""
    found = Notification.objects.filter(member_id=member_id, read_at=None).order_by("-id")[:MOST_UNREAD]
    return _rows(list(found), now, zone)


def read_of(
    member_id: int, now: datetime, zone: str, before: int | None = None
) -> tuple[list[NotificationRow], bool]:
    """A page of what was read, newest first, and whether more follow; one query."""
    found = Notification.objects.filter(member_id=member_id).exclude(read_at=None)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-id")[: PAGE + 1])
    return _rows(rows[:PAGE], now, zone), len(rows) > PAGE


def _rows(found: Sequence[Notification], now: datetime, zone: str) -> list[NotificationRow]:
    names = headings()
    return [
        NotificationRow(
            id=one.pk,
            kind=names.get(one.kind, ""),
            title=one.title,
            text=one.text,
            when=times.relative_local(one.created_at, now, zone),
            iso=one.created_at.isoformat(timespec="seconds"),
            is_read=one.read_at is not None,
            leads=bool(one.page),
        )
        for one in found
    ]
