"""Notes and the people in them, made by hand."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.contacts.models import Contact
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership
from playbooks.notes.models import Attendee, Note


def actor_of(member: Membership) -> Actor:
    """A member as the one who acts."""
    return Actor(str(member.user), "test", user_id=member.user_id, membership_id=member.pk)


def days_ago(days: float) -> datetime:
    """A moment before now."""
    return timezone.now() - timedelta(days=days)


def make_note(account: Any, title: str = "Talked", days: float = 1, **fields: Any) -> Note:
    """A note so many days ago."""
    values = {"actor": "Test", "happened_at": days_ago(days), **fields}
    return Note.objects.create(account=account, title=title, **values)


def make_contact(account: Any, name: str = "Ruth Kessler", **fields: Any) -> Contact:
    """A person of the account."""
    return Contact.objects.create(account=account, name=name, **fields)


def attend(note: Note, contact: Contact) -> Attendee:
    """A contact was there."""
    return Attendee.objects.create(account=note.account, note=note, contact=contact, name=contact.name)
