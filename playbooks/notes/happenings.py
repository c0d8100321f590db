"""Notes and meetings on the timeline."""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from csworkspace.web.formats import NBSP
from csworkspace.web.urls import workspace_url
from playbooks.notes.mentions import Person
from playbooks.notes.models import NoteKind
from playbooks.notes.pages import colleague_address
from playbooks.notes.prose import to_html_with_mentions
from playbooks.timeline.reading import newest
from playbooks.timeline.sources import Happening, Place, TimelineSource

ICONS = {"note": "note", "call": "phone", "meeting": "users", "email": "mail"}
TOLD = """
select note.happened_at as at, 'note ' || note.id as key, note.id, note.kind, note.title, note.text,
    note.minutes, note.place, note.actor,
    (select coalesce(array_agg(one.name order by one.member_id nulls first, one.id), '{}'::text[])
     from playbooks_attendee one where one.note_id = note.id) as people,
    (select coalesce(json_agg(json_build_array(member.id, coalesce(nullif(person.name, ''), person.email),
         person.email) order by named.id), '[]'::json)
     from playbooks_mention named
     join csworkspace_membership member on member.id = named.member_id
     join csworkspace_user person on person.id = member.user_id
     where named.note_id = note.id) as named
from playbooks_note note where note.account_id = %s and note.removed_at is null
"""


class Row(NamedTuple):
    """A note with the names of who was there, and (id, name, e-mail) of the colleagues named in it."""

    at: datetime
    key: str
    pk: int
    kind: str
    title: str
    text: str
    minutes: int | None
    place: str
    actor: str
    people: list[str]
    named: list[tuple[int, str, str]]


def find_notes(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """Notes that nobody took away; one query."""
    return [_happening(request, row) for row in newest(Row, TOLD, [account_id], before, limit)]


def _happening(request: Any, row: Row) -> Happening:
    return Happening(
        at=row.at,
        key=row.key,
        title=row.title,
        text=_text(request, row),
        by=row.actor,
        url=workspace_url(request, "note", row.pk),
        word=NoteKind(row.kind).label,
        icon=ICONS[row.kind],
    )


def _text(request: Any, row: Row) -> SafeString:
    """Who was there, how long and where, then the note's own text."""
    about = [
        f"With {', '.join(row.people)}" if row.people else "",
        f"{row.minutes}{NBSP}min" if row.minutes else "",
        row.place,
    ]
    line = " · ".join(part for part in about if part)
    people = [Person(*one) for one in row.named]
    text = to_html_with_mentions(row.text, people, partial(colleague_address, request))
    return mark_safe(f"{format_html('<p>{}.</p>', line.rstrip('.')) if line else ''}{text}")


NOTES = TimelineSource("notes", "Notes and meetings", find_notes, order=10, word="Note", icon="note")
