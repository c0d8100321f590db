"""Reads of notes and meetings."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from accounts.contacts.models import Contact, ContactRole
from csworkspace.people.queries import team
from playbooks.notes.mentions import Person
from playbooks.notes.models import Attendee, Note, NoteKind

OFFERED = 60
FIRST = (ContactRole.SPONSOR, ContactRole.CHAMPION, ContactRole.ADMIN)
# The last meeting by now, and the next one: one row each.
AROUND = """
select note.id, note.title, note.happened_at, note.happened_at > %s as is_next,
    (select coalesce(array_agg(one.name order by one.member_id nulls first, one.id), '{{}}'::text[])
     from playbooks_attendee one where one.note_id = note.id and one.member_id is null) as people
from playbooks_note note
where note.account_id = %s and note.removed_at is null and note.kind = 'meeting' and ({side})
order by note.happened_at {order}, note.id limit 1
"""
LAST = AROUND.format(side="note.happened_at <= %s", order="desc")
NEXT = AROUND.format(side="note.happened_at > %s", order="asc")


@dataclass(frozen=True)
class Meeting:
    """A meeting as the margin of the account tells it: people are the customer's."""

    pk: int
    title: str
    at: datetime
    is_next: bool
    people: list[str]


def notes() -> QuerySet[Note]:
    """Notes that nobody took away."""
    return Note.objects.filter(removed_at=None)


def get_note(pk: int) -> Note:
    """A note, also one that was taken away, with its account and author; or 404."""
    return get_object_or_404(Note.objects.select_related("account", "author__user"), pk=pk)


def attendees_of(note: Note) -> list[Attendee]:
    """Who was there: contacts, then people known by name only, then colleagues."""
    rows = note.attendees.select_related("contact")
    return list(rows.order_by(F("member").asc(nulls_first=True), F("contact").asc(nulls_last=True), "pk"))


def mentioned_in(note: Note) -> list[Person]:
    """The colleagues who were named in a note."""
    rows = note.mentions.order_by("pk").values_list("member", "member__user__name", "member__user__email")
    return [Person(pk, name or email, email) for pk, name, email in rows]


def colleagues() -> list[Person]:
    """Everybody who can be named in a note: the active staff."""
    return [Person(one.pk, str(one.user), one.user.email) for one in team()]


def left_since(note: Note, staff: set[int]) -> list[tuple[int, str]]:
    """(id, name) of colleagues who were there and are not among the staff any more."""
    found = note.attendees.exclude(member=None).exclude(member__in=staff).select_related("member__user")
    return [(one.member_id, f"{one.member}, has left") for one in found.order_by("pk") if one.member_id]


def team_names() -> list[str]:
    """The names that can be written after an @."""
    return [person.name for person in colleagues()]


def people_offered(account_id: int, note: Note | None = None) -> QuerySet[Contact]:
    """The contacts that a form offers as attendees: those still there, sponsors first, and who is in it."""
    here = Contact.objects.filter(account_id=account_id)
    first = Case(
        *(When(role=role, then=Value(at)) for at, role in enumerate(FIRST)),
        default=Value(len(FIRST)),
        output_field=IntegerField(),
    )
    offered = list(here.filter(left_on=None).order_by(first, "name").values_list("pk", flat=True)[:OFFERED])
    attending = list(note.attendees.exclude(contact=None).values_list("contact", flat=True)) if note else []
    return here.filter(pk__in={*offered, *attending}).order_by(first, "name", "pk")


def meetings_around(account_id: int, now: datetime) -> list[Meeting]:
    """The last meeting, and the next one, of those there are; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"({LAST}) union all ({NEXT})", [now, account_id, now, now, account_id, now])
        return sorted((Meeting(*row) for row in cursor.fetchall()), key=lambda one: one.is_next)


def last_met(account_id: int, now: datetime) -> dict[int, datetime]:
    """Contact → their last meeting by now; one query."""
    there = Attendee.objects.filter(
        account_id=account_id,
        contact__isnull=False,
        note__removed_at=None,
        note__kind=NoteKind.MEETING,
        note__happened_at__lte=now,
    )
    rows = there.order_by("contact", "-note__happened_at").distinct("contact")
    return dict(rows.values_list("contact", "note__happened_at"))
