"""Telling members something, once, in the way that they chose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from csworkspace.audit.actor import SYSTEM, Actor
from csworkspace.mail.actions import queue_mail
from csworkspace.mail.addresses import MailRefused
from csworkspace.notifications.choices import Choices
from csworkspace.notifications.links import address_of
from csworkspace.notifications.models import DigestSetting, EmailWhen, Notification, NotificationPreference
from csworkspace.notifications.registry import kind_of, notification_kinds
from csworkspace.people.models import Membership, Role
from csworkspace.tenancy.models import Workspace
from csworkspace.web.texts import clean_line

log = structlog.get_logger(__name__)
# After a mail at once the same kind waits so long for the next one; what comes meanwhile is in the digest.
QUIET = timedelta(minutes=10)


@dataclass(frozen=True)
class News:
    """One thing to tell one member; see Notification."""

    member_id: int
    kind: str
    title: str
    key: str
    text: str = ""
    page: str = ""
    page_args: list[Any] = field(default_factory=list)


@transaction.atomic
def notify(
    member_ids: Iterable[int],
    kind: str,
    title: str,
    *,
    key: str,
    text: str = "",
    page: str = "",
    page_args: Iterable[Any] = (),
) -> None:
    """Tell members something; who was told with the same `key` before is not told again.

    page and page_args: the route that it leads to. Customers, and those who have left, are told nothing.
    """
    kind_of(kind)
    args = list(page_args)
    tell([News(pk, kind, title, key, text, page, args) for pk in sorted(set(member_ids))])


@transaction.atomic
def tell(news: Sequence[News]) -> int:
    """Tell much at once, in a constant number of statements (and one for each mail); how much was new."""
    if not news:
        return 0
    members = _staff({one.member_id for one in news})
    choices = Choices(members)
    told = _told(news)
    wanted: dict[tuple[int, str], News] = {}
    for one in news:
        mark = (one.member_id, one.key[:160])
        silent = one.member_id in members and choices.of(one.member_id, one.kind) == (False, EmailWhen.NEVER)
        if one.member_id in members and mark not in told and not silent:
            wanted.setdefault(mark, one)
    fresh = list(wanted.values())
    mailed = _mail_at_once([one for one in fresh if _at_once(choices, one)], members)
    now = timezone.now()
    rows = [
        Notification(
            member_id=one.member_id,
            kind=one.kind,
            key=one.key[:160],
            title=clean_line(one.title)[:200],
            text=one.text[:500],
            page=one.page,
            page_args=one.page_args,
            read_at=None if choices.of(one.member_id, one.kind).in_app else now,
            mailed_at=now if mark in mailed else None,
        )
        for mark, one in wanted.items()
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _staff(member_ids: set[int]) -> dict[int, Membership]:
    found = Membership.objects.filter(pk__in=member_ids, is_active=True, user__is_active=True)
    return {member.pk: member for member in found.exclude(role=Role.VIEWER).select_related("user")}


def _told(news: Sequence[News]) -> set[tuple[int, str]]:
    rows = Notification.objects.filter(
        member_id__in={one.member_id for one in news}, key__in={one.key[:160] for one in news}
    )
    return set(rows.values_list("member_id", "key"))


def _at_once(choices: Choices, one: News) -> bool:
    return choices.of(one.member_id, one.kind).email == EmailWhen.AT_ONCE


def _mail_at_once(news: Sequence[News], members: dict[int, Membership]) -> set[tuple[int, str]]:
    """Queue the mails, at most one of a kind for a member within QUIET; the (member, key) that were."""
    if not news:
        return set()
    recent = Notification.objects.filter(
        member_id__in={one.member_id for one in news}, mailed_at__gt=timezone.now() - QUIET
    )
    busy = set(recent.values_list("member_id", "kind"))
    workspace = Workspace.objects.get()
    mailed = set()
    for one in news:
        if (one.member_id, one.kind) in busy:
            continue
        busy.add((one.member_id, one.kind))
        if _mail(one, members[one.member_id], workspace):
            mailed.add((one.member_id, one.key[:160]))
    return mailed


def _mail(one: News, member: Membership, workspace: Workspace) -> bool:
    link = address_of(workspace.slug, one.page, one.page_args)
    choose = address_of(workspace.slug, "notification_preferences")
    parts = [one.title, one.text, link, f"--\n{workspace}: choose what you are mailed at {choose}"]
    text = "\n\n".join(part for part in parts if part) + "\n"
    key = f"notification {member.pk} {one.key}"[:160]
    return queue_to(member, key, clean_line(one.title)[:200], text, by=SYSTEM)


def queue_to(member: Membership, key: str, subject: str, text: str, *, by: Actor) -> bool:
    """Queue a mail to a member; False for one whom no mail can reach.

    That is no reason to undo what they are told of: it stands under the bell.
    """
    name = clean_line(member.user.name or str(member))[:200]
    try:
        with transaction.atomic():
            queue_mail(key, member.user.email, clean_line(subject), text, by=by, to_name=name)
    except MailRefused as refusal:
        log.warning("member cannot be mailed", member=member.pk, why=str(refusal))
        return False
    return True


@transaction.atomic
def read_notification(member_id: int, pk: int) -> bool:
    """Mark one of a member's own as read; False if it is none of theirs or read already."""
    unread = Notification.objects.filter(member_id=member_id, pk=pk, read_at=None)
    return bool(unread.update(read_at=timezone.now()))


@transaction.atomic
def read_all(member_id: int, until_id: int) -> int:
    """Mark what a member has been shown (up to an id) as read; how many."""
    unread = Notification.objects.filter(member_id=member_id, pk__lte=until_id, read_at=None)
    return unread.update(read_at=timezone.now())


@transaction.atomic
def choose(member_id: int, made: dict[str, tuple[bool, str]], digest: DigestSetting) -> None:
    """Keep a member's own choices: kind → (in the app, when mailed), and the digest's setting.

    Personal and of no consequence for others: no audit entry.
    """
    known = {kind.name for kind in notification_kinds()}
    rows = [
        NotificationPreference(member_id=member_id, kind=kind, in_app=in_app, email=EmailWhen(email))
        for kind, (in_app, email) in made.items()
        if kind in known
    ]
    NotificationPreference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["workspace", "member", "kind"],
        update_fields=["in_app", "email"],
    )
    DigestSetting.objects.bulk_create(
        [digest],
        update_conflicts=True,
        unique_fields=["workspace", "member"],
        update_fields=["is_on", "hour", "working_days_only", "sent_on"],
    )
