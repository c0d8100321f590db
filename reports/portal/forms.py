"""Forms of sharing."""

from django import forms

from reports.portal.actions import DEFAULT_DAYS, MAX_DAYS, MIN_DAYS


class ShareLinkForm(forms.Form):
    """For whom the link is, and for how long."""

    label = forms.CharField(
        label="For whom", max_length=120, help_text="So that you know later whom you gave it to."
    )
    days = forms.IntegerField(
        label="Days until it expires", min_value=MIN_DAYS, max_value=MAX_DAYS, initial=DEFAULT_DAYS
    )
