"""The form of a contact."""

import re
from typing import Any

from django import forms

from accounts.contacts.identities import IdentityError, normalise_identities
from accounts.contacts.models import ContactRole
from csworkspace.web.widgets import DateInput


class ContactForm(forms.Form):
    """Add or edit a person; `cleaned_data` has the arguments of the actions."""

    name = forms.CharField(max_length=200)
    title = forms.CharField(max_length=120, required=False, help_text="What they do at the customer.")
    role = forms.ChoiceField(
        choices=ContactRole.choices, initial=ContactRole.USER, help_text="What they are to the relationship."
    )
    email = forms.EmailField(required=False, label="E-mail", max_length=254)
    phone = forms.CharField(max_length=40, required=False)
    identities = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Other identities",
        help_text="Further e-mail addresses and product user ids of the same person, one a line: "
        "usage under any of them counts as one person.",
    )
    left_on = forms.DateField(required=False, widget=DateInput, label="Left on")

    def clean_name(self) -> str:
        """The name on one line."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        """In lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_identities(self) -> list[str]:
        """Normalised, each once."""
        try:
            return normalise_identities(re.split(r"[\n,;]+", self.cleaned_data["identities"]))
        except IdentityError as error:
            raise forms.ValidationError(str(error)) from error


def initial_of(contact: Any) -> dict[str, Any]:
    """What the form shows of a contact with `identity_list`."""
    names = ("name", "title", "role", "email", "phone", "left_on")
    others = [value for value in contact.identity_list if value != contact.email]
    return {**{name: getattr(contact, name) for name in names}, "identities": "\n".join(others)}
