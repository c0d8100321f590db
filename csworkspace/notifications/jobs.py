"""Sending the digests, member by member."""

from typing import Any

import structlog
from django.utils import timezone

from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import LeaseLost, Run
from csworkspace.notifications import digest
from csworkspace.notifications.actions import queue_to
from csworkspace.notifications.choices import digest_setting
from csworkspace.notifications.models import Notification
from csworkspace.notifications.registry import DigestReader
from csworkspace.people.models import Membership
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.models import Workspace

log = structlog.get_logger(__name__)
KIND = "notifications.digest"


@job(KIND, stepwise=True, background=True)
def send_digests(run: Run) -> dict[str, Any]:
    """Write the digest of everybody whose hour has come; a member's is one step, and happens once a day.

    One that breaks keeps none of the others from theirs: it is tried again with the job.
    """
    with open_workspace(run.workspace_id):
        due = digest.due_members(digest.clocks_of(Workspace.objects.get(), timezone.now()))
    sent, broken = 0, []
    for number, member_id in enumerate(due, 1):
        try:
            with run.step():
                sent += send_digest(member_id, run)
        except LeaseLost:
            raise
        except Exception as error:
            log.error("digest could not be written", member=member_id, exc_info=error)
            broken.append(member_id)
        run.progress(100 * number / len(due), f"{number} of {len(due)} members")
    if broken:
        raise RuntimeError(f"{len(broken)} of {len(due)} digests could not be written: {broken[:5]}")
    return {"members": len(due), "sent": sent}


def send_digest(member_id: int, run: Run) -> bool:
    """Write one member's digest into the outbox, unless it has been or there is nothing to say."""
    now, workspace = timezone.now(), Workspace.objects.get()
    clocks = digest.clocks_of(workspace, now)
    last = digest_setting(member_id)
    if not digest.take_turn(member_id, clocks, now):
        return False
    news = digest.waiting_news(member_id, now)
    reader = DigestReader(member_id, clocks.day, digest.news_since(last.sent_at, now))
    sections = digest.sections_of(reader, news)
    Notification.objects.filter(pk__in=[one.pk for one in news]).update(mailed_at=now)
    if not sections:
        return False
    member = Membership.objects.select_related("user").get(pk=member_id)
    return queue_to(
        member,
        f"digest {member_id} {clocks.day}",
        digest.subject_of(workspace, sections),
        digest.text_of(workspace, member.user.get_short_name(), last, sections),
        by=run.by,
    )
