"""Forms of webhooks."""

from django import forms

from csworkspace.web.texts import clean_line
from csworkspace.webhooks.addresses import AddressRefused, read_url


class EndpointForm(forms.Form):
    """Where to tell what."""

    name = forms.CharField(label="Name", max_length=80, help_text="Such as “Ticket system”.")
    url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text="https, public, and without redirects. Every message is a signed POST of JSON.",
    )

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"])

    def clean_url(self) -> str:
        """An address that could be called."""
        try:
            read_url(self.cleaned_data["url"])
        except AddressRefused as error:
            raise forms.ValidationError(str(error)) from None
        return str(self.cleaned_data["url"])


class EndpointEditForm(EndpointForm):
    """The same, and whether it is told anything."""

    is_active = forms.BooleanField(
        label="Active",
        required=False,
        help_text="Switched off, deliveries to it fail and can be retried later.",
    )
