"""The daily digest: whose turn it is, what it says, and that it leaves once a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from csworkspace.calendar.queries import work_week
from csworkspace.calendar.workdays import WorkWeek
from csworkspace.notifications.choices import Choices
from csworkspace.notifications.links import address_of
from csworkspace.notifications.models import DigestSetting, EmailWhen, Notification
from csworkspace.notifications.registry import (
    DigestLine,
    DigestReader,
    DigestSection,
    digest_parts,
    notification_kinds,
)
from csworkspace.people.models import Membership, Role
from csworkspace.tenancy.models import Workspace
from csworkspace.web.formats import plural

LINES = 5
# News that is older than this was told by the bell long ago.
OLDEST = timedelta(days=7)
USUAL = DigestSetting()


@dataclass(frozen=True)
class Clocks:
    """What the clocks of a workspace show, and its working week."""

    day: date
    hour: int
    week: WorkWeek


def clocks_of(workspace: Workspace, now: datetime) -> Clocks:
    """The workspace's present day and hour; two queries."""
    local = now.astimezone(ZoneInfo(workspace.timezone))
    return Clocks(local.date(), local.hour, work_week())


def is_due(setting: DigestSetting, clocks: Clocks) -> bool:
    """Whether a digest is to leave: from its hour on, until the day is over, once. Pure.

    So an hour that the clocks skip is made up for in the next one, and one that comes twice counts once.
    """
    if not setting.is_on or clocks.hour < setting.hour:
        return False
    if setting.working_days_only and not clocks.week.is_workday(clocks.day):
        return False
    return setting.sent_on is None or setting.sent_on < clocks.day


def due_members(clocks: Clocks) -> list[int]:
    """The active staff whose digest is due; two queries."""
    members = Membership.objects.filter(is_active=True, user__is_active=True).exclude(role=Role.VIEWER)
    kept = {one.member_id: one for one in DigestSetting.objects.all()}
    ids = members.order_by("id").values_list("pk", flat=True)
    return [pk for pk in ids if is_due(kept.get(pk, USUAL), clocks)]


def take_turn(member_id: int, clocks: Clocks, now: datetime) -> bool:
    """Claim a member's digest of the day; False if it is another's, or not due after all."""
    DigestSetting.objects.bulk_create([DigestSetting(member_id=member_id)], ignore_conflicts=True)
    setting = DigestSetting.objects.select_for_update().get(member_id=member_id)
    if not is_due(setting, clocks):
        return False
    setting.sent_on, setting.sent_at = clocks.day, now
    setting.save(update_fields=["sent_on", "sent_at"])
    return True


def waiting_news(member_id: int, now: datetime) -> list[Notification]:
    """What the member chose to be told in the digest and has not been mailed yet, oldest first."""
    choices = Choices([member_id])
    kinds = [
        kind.name
        for kind in notification_kinds()
        if choices.of(member_id, kind.name).email != EmailWhen.NEVER
    ]
    in_app = Q(read_at=None)
    # What never rang the bell counts as read from the start; the digest is where it is told.
    silent = [kind for kind in kinds if not choices.of(member_id, kind).in_app]
    found = Notification.objects.filter(
        in_app | Q(kind__in=silent),
        member_id=member_id,
        kind__in=kinds,
        mailed_at=None,
        created_at__gt=now - OLDEST,
    )
    return list(found.order_by("id"))


def sections_of(reader: DigestReader, news: list[Notification]) -> list[DigestSection]:
    """What the concepts say, then the news by kind; empty ones left out."""
    parts = digest_parts()
    told = frozenset().union(*(part.covers for part in parts))
    sections = [section for part in parts for section in part.find(reader)]
    by_kind: dict[str, list[Notification]] = defaultdict(list)
    for one in news:
        if one.kind not in told:
            by_kind[one.kind].append(one)
    for kind in notification_kinds():
        found = by_kind.get(kind.name, [])
        lines = [DigestLine(one.title, one.page, tuple(one.page_args)) for one in found[-LINES:]]
        rest = len(found) - len(lines)
        sections.append(DigestSection(kind.heading or kind.label, lines, rest, "notifications"))
    return [section for section in sections if section.lines]


def text_of(workspace: Workspace, name: str, setting: DigestSetting, sections: list[DigestSection]) -> str:
    """The mail. Plain text, short lines, a link under each thing."""
    blocks = [f"Good day {name},\n\nthis is your day at {workspace}."]
    blocks += [_block(workspace.slug, section) for section in sections]
    days = "working day" if setting.working_days_only else "day"
    change = address_of(workspace.slug, "notification_preferences")
    blocks.append(
        f"--\nYou get this each {days} from {setting.hour:02d}:00 on. Change it, or turn it off:\n{change}"
    )
    return "\n\n".join(blocks) + "\n"


def _block(slug: str, section: DigestSection) -> str:
    lines = [section.heading.upper()]
    for line in section.lines:
        lines.append(f"- {' '.join(line.text.split())}")
        link = address_of(slug, line.page, line.args)
        lines += [f"  {link}"] if link else []
    if section.rest:
        everything = address_of(slug, section.page)
        lines.append(
            f"  and {section.rest} more: {everything}" if everything else f"  and {section.rest} more"
        )
    return "\n".join(lines)


def subject_of(workspace: Workspace, sections: list[DigestSection]) -> str:
    """ "Tidewater: 3 overdue tasks, 2 tasks due today": the first two headings with their numbers."""
    heads = [f"{section.heading} ({len(section.lines) + section.rest})" for section in sections[:2]]
    more = len(sections) - 2
    rest = f" and {plural(more, 'more topic')}" if more > 0 else ""
    return " ".join(f"{workspace}: {', '.join(heads)}{rest}".split())[:200]


def news_since(last: datetime | None, now: datetime) -> datetime:
    """Since when something is news: the moment of the last digest, a day without one; OLDEST at most."""
    return max(last or now - timedelta(days=1), now - OLDEST)
