"""Forms of the outbox and of the suppression list."""

from typing import Any

from django import forms

from csworkspace.mail.addresses import MailRefused, check_address
from csworkspace.mail.queries import AUDIENCES
from csworkspace.web.texts import clean_line


class OutboxFilter(forms.Form):
    """Which mails are listed, and from where."""

    state = forms.ChoiceField(label="State", required=False)
    audience = forms.ChoiceField(label="For", required=False, choices=AUDIENCES)
    q = forms.CharField(label="Search", required=False, max_length=100)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["state"].choices = states  # type: ignore[attr-defined]


class SuppressionForm(forms.Form):
    """Stop customer mails to an address by hand."""

    address = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Gets no e-mails of playbooks and templates any more. Sign-in mails still arrive.",
    )
    detail = forms.CharField(label="Why", max_length=300, help_text="For example: asked on the phone.")

    def clean_address(self) -> str:
        """An address."""
        try:
            return check_address(self.cleaned_data["address"])
        except MailRefused as error:
            raise forms.ValidationError(str(error)) from error

    def clean_detail(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["detail"])


class LiftingForm(forms.Form):
    """Let an address get mails again."""

    reason = forms.CharField(
        label="Why it may be written to again",
        max_length=300,
        help_text="For example: the mailbox works again, or they asked for it. Kept in the audit log.",
    )

    def clean_reason(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["reason"])
