"""The forms of notes: the quick one on the timeline, and the whole one."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet

from accounts.contacts.models import Contact, ContactRole
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.web.markdown import MAX_LENGTH
from csworkspace.web.texts import clean_line, clean_text
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput
from playbooks.notes.actions import FollowUp, Present, Written
from playbooks.notes.models import Note, NoteKind
from playbooks.notes.queries import left_since
from playbooks.services.forms import MomentField

FOLLOW_UPS, MOST_NAMES, LONGEST_TITLE = 3, 30, 200
MENTION_HELP = "Write @ and a colleague's name, such as @Priya Raman, and they are told."


def text_field(*, rows: int, required: bool, label: str, help_text: str) -> forms.CharField:
    """A text in which colleagues can be named; the page offers their names while one types."""
    attrs = {"rows": rows, "data-mentions": "#colleagues"}
    return forms.CharField(
        max_length=MAX_LENGTH,
        required=required,
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs=attrs),
        error_messages={"required": "Write what happened."},
    )


def once_field() -> forms.UUIDField:
    """What makes a second press of the button write nothing."""
    return forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)


class QuickForm(forms.Form):
    """A few words straight onto the timeline; the first line is the title."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in (NoteKind.NOTE, NoteKind.CALL, NoteKind.EMAIL)],
        widget=forms.RadioSelect,
        initial=NoteKind.NOTE,
        label="What it was",
    )
    text = text_field(rows=2, required=True, label="What happened", help_text=MENTION_HELP)
    once = once_field()

    def clean_text(self) -> str:
        """As it is kept; nothing but control characters is nothing."""
        text = clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError("Write what happened.")
        return text

    def written(self) -> Written:
        """The note that the words make."""
        title, text = titled(self.cleaned_data["text"])
        return Written(title, text, kind=self.cleaned_data["kind"], once=self.cleaned_data["once"])


def titled(text: str) -> tuple[str, str]:
    """A text as title and the rest: its first line; of a long one its beginning, before the whole text."""
    first, _, rest = text.partition("\n")
    if len(first) <= LONGEST_TITLE:
        return first.strip(), rest.strip()
    cut = first[: LONGEST_TITLE - 1].rsplit(" ", 1)[0][: LONGEST_TITLE - 1]
    return f"{cut}…", text


def person_label(contact: Contact) -> str:
    """The name, and what they are to the relationship if that says something."""
    what = contact.title or (contact.get_role_display() if contact.role != ContactRole.USER else "")
    return f"{contact.name}, {what}" if what else contact.name


class NoteForm(VersionedForm):
    """Write or edit a note, call, meeting or e-mail, with who was there and what follows."""

    once = once_field()
    kind = forms.ChoiceField(choices=NoteKind.choices, label="What it is")
    title = forms.CharField(max_length=LONGEST_TITLE, help_text="What it was about, in one line.")
    happened_at = MomentField(
        label="When", help_text="As the clocks of the workspace show it. A time to come plans it."
    )
    minutes = forms.IntegerField(min_value=1, max_value=1440, required=False, label="Minutes")
    place = forms.CharField(
        max_length=200, required=False, help_text="A room, a town, or a link to the call."
    )
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), required=False, label="From the customer", widget=forms.CheckboxSelectMultiple
    )
    members = forms.ModelMultipleChoiceField(
        Membership.objects.none(), required=False, label="From our side", widget=forms.CheckboxSelectMultiple
    )
    names = forms.CharField(
        required=False,
        max_length=3000,
        label="Others",
        help_text="Names, separated by commas. A name that a person of the account has means that person.",
    )
    keep_names = forms.BooleanField(required=False, label="Add the others to the people of the account")
    text = text_field(
        rows=10,
        required=False,
        label="Notes",
        help_text=f"{MENTION_HELP} **bold**, *italic*, lists with - and quotes with > work. "
        "Customers never see it.",
    )

    def __init__(
        self,
        *args: Any,
        zone: str,
        today: date,
        people: QuerySet[Contact],
        member: Membership,
        subject: Note | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, subject=subject, **options)
        self.today = today
        staff = [(one.pk, str(one.user)) for one in team()]
        self.team_names = [name for _, name in staff]
        self.fields["happened_at"].zone = zone  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = people  # type: ignore[attr-defined]
        self.offered = [(one.pk, person_label(one)) for one in people]
        self.fields["contacts"].choices = self.offered  # type: ignore[attr-defined]
        # Who was there stays offered after having left; the names are read once for all fields.
        there = [*staff, *(left_since(subject, {pk for pk, _ in staff}) if subject else [])]
        offered = Membership.objects.filter(pk__in=[pk for pk, _ in there])
        self.fields["members"].queryset = offered.select_related("user")  # type: ignore[attr-defined]
        self.fields["members"].choices = there  # type: ignore[attr-defined]
        for at in range(FOLLOW_UPS):
            self.fields[f"todo_{at}"] = forms.CharField(max_length=200, required=False, label="What to do")
            self.fields[f"owner_{at}"] = forms.TypedChoiceField(
                choices=[("", "Nobody yet"), *staff],
                coerce=int,
                empty_value=None,
                required=False,
                label="Who",
                initial=member.pk,
            )
            self.fields[f"due_{at}"] = forms.DateField(required=False, label="By", widget=DateInput)

    def follow_up_rows(self) -> list[Sequence[forms.BoundField]]:
        """The fields of each follow-up, as the template prints them."""
        return [[self[f"{name}_{at}"] for name in ("todo", "owner", "due")] for at in range(FOLLOW_UPS)]

    def clean_title(self) -> str:
        """On one line; nothing but control characters is nothing."""
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Say in one line what it was about.")
        return title

    def clean_text(self) -> str:
        """As it is kept."""
        return clean_text(self.cleaned_data["text"])

    def clean_happened_at(self) -> datetime:
        """The field has no seconds: a moment that was not changed keeps its own."""
        typed: datetime = self.cleaned_data["happened_at"]
        note = self.subject
        if isinstance(note, Note) and note.happened_at.replace(second=0, microsecond=0) == typed:
            return note.happened_at
        return typed

    def clean_names(self) -> list[str]:
        """Each once, in the order they were typed."""
        names = (clean_line(name) for name in re.split(r"[,;\n]", self.cleaned_data["names"]))
        found = list(dict.fromkeys(name for name in names if name))
        if len(found) > MOST_NAMES:
            raise forms.ValidationError(f"At most {MOST_NAMES} names; the others can stand in the notes.")
        if any(len(name) > 200 for name in found):
            raise forms.ValidationError("A name has 200 characters at most.")
        return found

    def clean(self) -> dict[str, Any]:
        """A follow-up needs words, and a day that is still to come."""
        data = super().clean() or {}
        for at in range(FOLLOW_UPS):
            due = data.get(f"due_{at}")
            if due and not data.get(f"todo_{at}") and f"todo_{at}" not in self.errors:
                self.add_error(f"todo_{at}", "Say what is to be done by then.")
            if due and due < self.today:
                self.add_error(f"due_{at}", "Choose today or a later day.")
        return data

    def written(self) -> Written:
        """What was written, for the actions."""
        data = self.cleaned_data
        present = Present(data["contacts"], data["members"], data["names"], data["keep_names"])
        names = ("title", "text", "kind", "happened_at", "minutes", "place", "once")
        return Written(**{name: data[name] for name in names}, present=present, follow_ups=self._follow_ups())

    def _follow_ups(self) -> list[FollowUp]:
        data = self.cleaned_data
        rows = [(data[f"todo_{at}"], data[f"owner_{at}"], data[f"due_{at}"]) for at in range(FOLLOW_UPS)]
        return [FollowUp(*row) for row in rows if row[0]]


def initial_of(note: Note, zone_moment: str) -> dict[str, Any]:
    """What the form shows of a note; `zone_moment`: when it was, on the workspace's clocks."""
    there = list(note.attendees.all())
    return {
        **{name: getattr(note, name) for name in ("kind", "title", "text", "minutes", "place")},
        "happened_at": zone_moment,
        "contacts": [one.contact_id for one in there if one.contact_id],
        "members": [one.member_id for one in there if one.member_id],
        "names": ", ".join(one.name for one in there if not one.contact_id and not one.member_id),
    }
