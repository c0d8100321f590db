"""Meetings in the margin of an account's overview, and the quick form on its timeline."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from csworkspace.people.access import Needs, may
from csworkspace.web import times
from csworkspace.web.urls import id_in, workspace_url
from playbooks.notes.forms import QuickForm
from playbooks.notes.models import Note
from playbooks.notes.queries import last_met, meetings_around, team_names

NAMES = 3


def meetings_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The last meeting and the next one, with whom; one query."""
    zone, now = request.workspace.timezone, timezone.now()
    found = meetings_around(account.pk, now)
    if not found:
        return None
    works = may(request.membership.role, Needs.WORK)
    return {
        "meetings": [
            {
                "label": "Next meeting" if one.is_next else "Last meeting",
                "title": one.title,
                "url": workspace_url(request, "note", one.pk),
                "when": times.moment(one.at, zone) if one.is_next else day_of(one.at, zone),
                "ago": times.relative_local(one.at, now, zone),
                "with": with_words(one.people),
            }
            for one in found
        ],
        "new_url": f"{workspace_url(request, 'note_new', account.pk)}?kind=meeting" if works else "",
    }


def day_of(moment: datetime, zone: str) -> str:
    """The date of a moment on the workspace's clocks."""
    return times.day(moment.astimezone(ZoneInfo(zone)).date())


def with_words(people: list[str]) -> str:
    """With Ruth Kessler, Per Lund and 2 more."""
    if not people:
        return ""
    more = len(people) - NAMES
    if more > 0:
        return f"with {', '.join(people[:NAMES])} and {more} more"
    names = " and ".join([", ".join(people[:-1]), people[-1]] if people[1:] else people)
    return f"with {names}"


def quick_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The box for a few words on top of the timeline, for those who may write."""
    if not may(request.membership.role, Needs.WORK):
        return None
    new_url = workspace_url(request, "note_new", account.pk)
    gone = id_in(request.GET.get("removed", ""))
    removed = (
        Note.objects.filter(pk=gone, account=account).exclude(removed_at=None)
        if gone
        else Note.objects.none()
    )
    return {
        "removed": removed.first(),
        "form": QuickForm(auto_id="quick_%s"),
        "action": workspace_url(request, "quick_notes", account.pk),
        "meeting_url": f"{new_url}?kind=meeting",
        "new_url": new_url,
        "colleagues": team_names(),
    }


def met_words(request: Any, account_id: int) -> dict[int, str]:
    """Contact → "12 Nov 2026", the day of their last meeting; one query."""
    zone = request.workspace.timezone
    return {pk: day_of(at, zone) for pk, at in last_met(account_id, timezone.now()).items()}
