"""Notes and meetings: what was said with a customer, and who was there."""

from django.db import models

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class NoteKind(models.TextChoices):
    """What kind of entry it is."""

    NOTE = "note", "Note"
    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"
    EMAIL = "email", "E-mail"


class Note(TenantModel):
    """A note, call or meeting of an account; never shown to customers.

    happened_at: when it was or will be; minutes: how long. text: Markdown, cleaned when it is shown.
    removed_at: taken away by a person; kept for the audit, shown nowhere. once: of the form that it was
    written in: pressing its button twice makes one note.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=8, choices=NoteKind.choices, default=NoteKind.NOTE)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    author = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    once = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "once"], name="note_once")]
        indexes = [models.Index(fields=["workspace", "account", "-happened_at"], name="note_account")]

    def __str__(self) -> str:
        return self.title


class Attendee(TenantModel):
    """Who was at a meeting: a contact, a colleague, or somebody known by name only."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    note = TenantForeignKey(Note, on_delete=models.CASCADE, related_name="attendees")
    contact = TenantForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["workspace", "contact"], name="attendee_contact")]

    def __str__(self) -> str:
        return self.name


class Mention(TenantModel):
    """A colleague named with @ in a note; each is told once."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    note = TenantForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "note", "member"], name="mention_once"),
        ]
