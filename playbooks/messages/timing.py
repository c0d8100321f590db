"""When an e-mail that a play writes may leave: in working hours, and not too soon after another one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from csworkspace.calendar.queries import work_week
from csworkspace.calendar.workdays import next_working_moment
from csworkspace.mail.models import MailState
from csworkspace.tenancy.models import Workspace
from csworkspace.web.times import moment
from playbooks.messages.models import Message

# What has not been given up: it has arrived, or it still may.
COUNTED = (MailState.WAITING, MailState.SENDING, MailState.SENT, MailState.UNCERTAIN)


@dataclass(frozen=True)
class Leaving:
    """When an e-mail may leave, and in words why not at once; "" if it may."""

    at: datetime
    why: str = ""


def leaving_times(contact_ids: Iterable[int], step_id: int | None = None) -> dict[int, Leaving]:
    """For each contact when a play's next e-mail may leave; other steps' mails count. Four queries."""
    ids, now, zone = list(contact_ids), timezone.now(), Workspace.objects.get().timezone
    week, rest = work_week(), timedelta(days=settings.CONTACT_REST_DAYS)
    last = _last_to(ids, step_id, now - rest)
    found = {}
    for pk in ids:
        rested = last[pk] + rest if pk in last else now
        at = next_working_moment(max(now, rested), week, zone)
        found[pk] = Leaving(at, _why(at, now, last.get(pk), zone))
    return found


def _last_to(contact_ids: list[int], step_id: int | None, since: datetime) -> dict[int, datetime]:
    rows = Message.objects.filter(
        contact_id__in=contact_ids, step__isnull=False, mail__state__in=COUNTED
    ).exclude(step_id=step_id)
    leaves = Max(Coalesce("mail__sent_at", "mail__send_after"))
    counted = rows.order_by().values_list("contact_id").annotate(last=leaves).filter(last__gt=since)
    return {pk: at for pk, at in counted if pk is not None}


def _why(at: datetime, now: datetime, last: datetime | None, zone: str) -> str:
    if at <= now:
        return ""
    if last is not None:
        days = settings.CONTACT_REST_DAYS
        return (
            f"Waits until {moment(at, zone)}: plays write to one person at most every {days} days, and "
            f"another one's e-mail is of {moment(last, zone)}."
        )
    return f"Waits until {moment(at, zone)}: plays write to customers in working hours only."
