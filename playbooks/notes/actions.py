"""Every write to notes: with who was there, what follows, and who was named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.book.text import fold
from accounts.contacts.actions import create_contact
from accounts.contacts.models import Contact
from csworkspace.audit.actions import plain, record
from csworkspace.audit.actor import Actor
from csworkspace.notifications.actions import notify
from csworkspace.people.models import Membership
from csworkspace.web.versions import check_version
from playbooks.notes.mentions import Named
from playbooks.notes.models import Attendee, Mention, Note, NoteKind
from playbooks.notes.prose import named_in
from playbooks.notes.queries import colleagues
from playbooks.tasks.actions import create_task

MENTION = "mention"
FIELDS = ("kind", "title", "text", "happened_at", "minutes", "place")


@dataclass(frozen=True)
class FollowUp:
    """Something to do that was agreed: it becomes a task."""

    title: str
    owner_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Present:
    """Who was there. `names`: people known by name only; `keep_names`: they become contacts."""

    contacts: Sequence[Contact] = ()
    members: Sequence[Membership] = ()
    names: Sequence[str] = ()
    keep_names: bool = False


@dataclass(frozen=True)
class Written:
    """What a person wrote: the fields of the note, and what goes with it. `present` None: as it was.

    once: of the form, for new notes.
    """

    title: str
    text: str = ""
    kind: str = NoteKind.NOTE
    happened_at: datetime | None = None
    minutes: int | None = None
    place: str = ""
    present: Present | None = None
    follow_ups: Sequence[FollowUp] = field(default=())
    once: UUID | None = None

    def fields(self) -> dict[str, Any]:
        """The note's own fields."""
        values = {name: getattr(self, name) for name in FIELDS}
        return {**values, "happened_at": self.happened_at or timezone.now()}


@transaction.atomic
def write_note(account: Account, written: Written, *, by: Actor) -> tuple[Note, list[Named]]:
    """A new note, call, meeting or e-mail; also gives who was named in it.

    The same form a second time gives the note that it has made, with nothing that follows from it anew.
    """
    values = {"author_id": by.membership_id, "actor": by.label[:160], **written.fields()}
    if written.once is None:
        note, is_new = Note.objects.create(account=account, **values), True
    else:
        note, is_new = Note.objects.get_or_create(account=account, once=written.once, defaults=values)
    if not is_new:
        return note, []
    _set_present(note, written.present or Present(), by=by)
    record("wrote", note, by=by, after=_told(note))
    return note, _settle(note, written, by=by)


@transaction.atomic
def edit_note(
    note: Note, written: Written, *, by: Actor, version: int | None = None
) -> tuple[Note, list[Named]]:
    """Change a note; also gives who was named in it. Raises Conflict if it is not as the person saw it."""
    locked = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    check_version(locked, version)
    before = _told(locked)
    for name, value in written.fields().items():
        setattr(locked, name, value)
    if written.present is not None:
        _set_present(locked, written.present, by=by)
    after = _told(locked)
    if after != before:
        locked.edited_at = timezone.now()
        record("edited", locked, by=by, before=before, after=after)
    if after != before or written.follow_ups:
        # Also for follow-ups alone: the same form once more must not make them again.
        locked.version += 1
        locked.save()
    return locked, _settle(locked, written, by=by)


@transaction.atomic
def remove_note(note: Note, *, by: Actor) -> None:
    """Take a note away: it is kept and shown nowhere; a second time does nothing."""
    locked = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if locked.removed_at is None:
        _mark(locked, timezone.now())
        record("removed", locked, by=by, before={"title": locked.title})


@transaction.atomic
def restore_note(note: Note, *, by: Actor) -> None:
    """Bring back a note that was taken away."""
    locked = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if locked.removed_at is not None:
        _mark(locked, None)
        record("restored", locked, by=by)


@transaction.atomic
def keep_attendee(attendee: Attendee, *, by: Actor) -> Contact:
    """Make somebody known by name only a contact of the account; who is one of that name already, is it."""
    locked = (
        Attendee.objects.select_for_update(of=("self",)).select_related("note__account").get(pk=attendee.pk)
    )
    if locked.contact is not None:
        return locked.contact
    known = _contacts_by_name(locked.account_id).get(fold(locked.name))
    contact = known or create_contact(locked.note.account, by=by, name=locked.name)
    locked.contact = contact
    locked.save(update_fields=["contact"])
    record("kept attendee of", locked.note, by=by, after={"contact": contact.name})
    return contact


def _mark(note: Note, removed_at: datetime | None) -> None:
    note.removed_at, note.version = removed_at, note.version + 1
    note.save(update_fields=["removed_at", "version"])


def _told(note: Note) -> dict[str, Any]:
    """What the audit log keeps of a note."""
    there = note.attendees.order_by("name", "pk").values_list("name", flat=True)
    return {**{name: plain(getattr(note, name)) for name in FIELDS}, "attendees": list(there)}


def _settle(note: Note, written: Written, *, by: Actor) -> list[Named]:
    """What follows from a text: tasks, and colleagues who are told."""
    for one in written.follow_ups:
        create_task(note.account, one.title, by=by, owner_id=one.owner_id, due_on=one.due_on, note=note)
    named = named_in(note.text, colleagues()) if "@" in note.text else []
    _mention(note, [one.pk for one in named if one.pk is not None], by=by)
    return named


def _mention(note: Note, member_ids: Iterable[int], *, by: Actor) -> None:
    """Remember who is named now, and tell who was not told before; nobody tells themselves."""
    wanted = set(member_ids)
    note.mentions.exclude(member__in=wanted).delete()
    Mention.objects.bulk_create(
        [Mention(account_id=note.account_id, note=note, member_id=pk) for pk in sorted(wanted)],
        ignore_conflicts=True,
    )
    told = wanted - {by.membership_id}
    if told:
        notify(
            [pk for pk in told if pk is not None],
            MENTION,
            f"{by.label} mentioned you: {note.title}",
            key=f"note {note.pk} mention",
            text=f"{note.account.name}: {note.text}",
            page="note",
            page_args=[note.pk],
        )


def _set_present(note: Note, present: Present, *, by: Actor) -> None:
    """Make the attendees those who are named, without touching who was among them already."""
    wanted = {_key(one): one for one in _attendees(note, present, by=by)}
    have = {_key(one): one for one in note.attendees.all()}
    gone = [one.pk for key, one in have.items() if key not in wanted]
    if gone:
        note.attendees.filter(pk__in=gone).delete()
    Attendee.objects.bulk_create([one for key, one in wanted.items() if key not in have])


def _attendees(note: Note, present: Present, *, by: Actor) -> list[Attendee]:
    """The rows for those who are named; a typed name that a contact has means the contact."""
    known: Mapping[str, Contact] = _contacts_by_name(note.account_id) if present.names else {}
    contacts = list(present.contacts)
    strangers = []
    for name in present.names:
        contact = known.get(fold(name))
        if contact is None and present.keep_names:
            contact = create_contact(note.account, by=by, name=name)
        contacts += [contact] if contact else []
        strangers += [name] if contact is None else []
    about: list[dict[str, Any]] = [{"contact": one, "name": one.name} for one in contacts]
    about += [{"name": name} for name in strangers]
    about += [{"member": one, "name": str(one.user)} for one in present.members]
    return [
        Attendee(account_id=note.account_id, note=note, **{**row, "name": row["name"][:200]}) for row in about
    ]


def _key(one: Attendee) -> tuple[Any, ...]:
    who = one.contact_id or one.member_id
    return one.contact_id, one.member_id, "" if who else fold(one.name)


def _contacts_by_name(account_id: int) -> dict[str, Contact]:
    """Folded name → the contact, of names that only one of the account has."""
    found: dict[str, Contact | None] = {}
    for one in Contact.objects.filter(account_id=account_id):
        name = fold(one.name)
        found[name] = None if name in found else one
    return {name: one for name, one in found.items() if one}
