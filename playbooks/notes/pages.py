"""What the pages of a note print."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.web import times
from csworkspace.web.formats import plural
from csworkspace.web.moments import MOMENT
from csworkspace.web.urls import workspace_url
from playbooks.notes.models import Note, NoteKind
from playbooks.notes.prose import to_html_with_mentions
from playbooks.notes.queries import attendees_of, mentioned_in
from playbooks.tasks.models import Task, TaskState

TAB = "account_timeline"


@dataclass(frozen=True)
class There:
    """Somebody who was there: `keep_url` makes one who is known by name only a contact."""

    name: str
    note: str
    url: str = ""
    keep_url: str = ""


@dataclass(frozen=True)
class ToDo:
    """A follow-up as the note lists it."""

    title: str
    owner: str
    due: str
    state: str
    url: str = ""


def colleague_address(request: Any, member_id: int) -> str:
    """Where a colleague's name leads: the accounts they look after."""
    return f"{workspace_url(request, 'book')}?owner={member_id}"


def note_context(request: Any, note: Note) -> dict[str, Any]:
    """One note with who was there, what follows, and its history."""
    zone, account = request.workspace.timezone, get_account(note.account_id)
    works = may(request.membership.role, Needs.WORK)
    text = to_html_with_mentions(note.text, mentioned_in(note), partial(colleague_address, request))
    return {
        **account_frame(request, account, TAB),
        "note": note,
        "kind": NoteKind(note.kind).label,
        "is_planned": note.happened_at > timezone.now(),
        "text": text,
        "facts": _facts(note, zone),
        "people": _people(request, note, works=works),
        "follow_ups": [
            _to_do(request, one) for one in note.follow_ups.select_related("owner__user").order_by("pk")
        ],
        "history": history_of([("note", [note.pk])], zone).entries,
        "may_work": works,
    }


def gone_context(request: Any, note: Note) -> dict[str, Any]:
    """A note that was taken away: that it was, and the way back."""
    account = get_account(note.account_id)
    works = may(request.membership.role, Needs.WORK)
    return {**account_frame(request, account, TAB), "note": note, "may_work": works}


def local_moment(moment: datetime, zone: str) -> str:
    """A moment on the workspace's clocks, as its field takes it."""
    return moment.astimezone(ZoneInfo(zone)).strftime(MOMENT)


def _facts(note: Note, zone: str) -> list[dict[str, str]]:
    told = {
        "When": times.moment(note.happened_at, zone),
        "How long": plural(note.minutes, "minute") if note.minutes else "",
        "Where": note.place,
        "Written by": note.actor,
        "Edited": times.moment(note.edited_at, zone) if note.edited_at else "",
    }
    return [{"label": label, "value": value} for label, value in told.items() if value]


def _people(request: Any, note: Note, *, works: bool) -> list[There]:
    rows = []
    for one in attendees_of(note):
        if one.contact is not None:
            url = f"{workspace_url(request, 'account_people', note.account_id)}#person-{one.contact.pk}"
            rows.append(There(one.contact.name, one.contact.title or one.contact.get_role_display(), url))
        elif one.member_id is not None:
            rows.append(There(one.name, "Our side"))
        else:
            keep = workspace_url(request, "attendee_contacts", one.pk) if works else ""
            rows.append(There(one.name, "Not among the people yet", keep_url=keep))
    return rows


def _to_do(request: Any, task: Task) -> ToDo:
    owner = str(task.owner) if task.owner else "Nobody yet"
    due = f"by {times.day(task.due_on)}" if task.due_on else ""
    return ToDo(task.title, owner, due, TaskState(task.state).label, workspace_url(request, "task", task.pk))
