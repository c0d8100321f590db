"""Forms of e-mail templates and of e-mails by hand."""

from typing import Any

from django import forms

from accounts.contacts.models import Contact
from csworkspace.mail.addresses import MailRefused, one_line
from csworkspace.web.versions import VersionedForm
from playbooks.messages.people import contacts_of, has_address
from playbooks.messages.placeholders import LONGEST_FALLBACK
from playbooks.messages.templates import Draft

LONGEST_BODY = 20_000


def subject_field() -> forms.CharField:
    """The subject of an e-mail."""
    return forms.CharField(label="Subject", max_length=200)


def body_field(rows: int) -> forms.CharField:
    """The text of an e-mail."""
    return forms.CharField(label="Text", max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": rows}))


def clean_line(text: str, what: str) -> str:
    """One line. Raises ValidationError."""
    try:
        return one_line(text, what)
    except MailRefused as error:
        raise forms.ValidationError(str(error)) from error


class TemplateForm(VersionedForm):
    """A template's texts; whether its placeholders are right is the action's business."""

    name = forms.CharField(max_length=120)
    purpose = forms.CharField(
        required=False, max_length=300, help_text="When to use it. Customers do not see this."
    )
    # `subject` is what a versioned form calls the row that it edits.
    subject_line = subject_field()
    body = body_field(16)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"].help_text = (
            "Plain text. Placeholders are listed beside it; words for a missing value go after a bar, up to "
            f"{LONGEST_FALLBACK} characters: {{{{contact.first_name|there}}}}."
        )

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"], "name")

    def draft(self) -> Draft:
        """What the actions take."""
        data = self.cleaned_data
        return Draft(data["name"], data["subject_line"], data["body"], data["purpose"])


class LookForm(forms.Form):
    """Whose mail a preview shows."""

    account = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    q = forms.CharField(label="Account", required=False, max_length=100)
    contact = forms.ChoiceField(label="Recipient", required=False)

    def __init__(self, *args: Any, contacts: list[Contact], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].choices = [(one.pk, _label(one)) for one in contacts]  # type: ignore[attr-defined]
        if not contacts:
            del self.fields["contact"]


class MessageForm(forms.Form):
    """An e-mail by hand. `once` makes a second press of the button send nothing."""

    contact = forms.ChoiceField(label="To")
    subject = subject_field()
    body = body_field(14)
    template = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, account_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.contacts = {one.pk: one for one in contacts_of(account_id) if has_address(one)}
        choices = [(pk, _label(one)) for pk, one in self.contacts.items()]
        self.fields["contact"].choices = choices  # type: ignore[attr-defined]

    def clean_contact(self) -> Contact:
        """The person."""
        return self.contacts[int(self.cleaned_data["contact"])]


class ReviewForm(VersionedForm):
    """Whom the e-mails that were looked at go to; `seen` is what they were."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    to = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "Choose at least one person."}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Which of them are there is looked at under the play's lock.
        wanted = self.data.getlist("to") if hasattr(self.data, "getlist") else ()
        self.fields["to"].choices = [(one, one) for one in wanted if one.isdecimal()]  # type: ignore[attr-defined]


def _label(contact: Contact) -> str:
    role = contact.get_role_display()
    return f"{contact.name}, {role}" + ("" if has_address(contact) else ", no address")
