"""Forms about services owed."""

from typing import Any

from django import forms

from accounts.tiers.models import Service
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.web.moments import MomentField
from csworkspace.web.widgets import DateInput


def note_field() -> forms.CharField:
    """A note on what was done."""
    return forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What was done or agreed. Stays in the workspace.",
    )


class DoneForm(forms.Form):
    """Who delivered, and a note; the base of those that say when."""

    def __init__(self, *args: Any, member: Membership | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["deliverer"] = forms.ModelChoiceField(
            team(), required=False, initial=member, empty_label="Nobody in particular", label="Who"
        )
        self.fields["note"] = note_field()

    def values(self) -> dict[str, Any]:
        """The arguments of the actions."""
        data = dict(self.cleaned_data)
        data["deliverer"] = str(data["deliverer"]) if data.get("deliverer") else ""
        return data


class DeliveryForm(DoneForm):
    """Complete a service on a day."""

    delivered_on = forms.DateField(widget=DateInput, label="Delivered on")


class AnswerForm(DoneForm):
    """Say when a request was answered."""

    answered_at = MomentField(label="Answered at")

    def __init__(self, *args: Any, zone: str = "UTC", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answered_at"].zone = zone  # type: ignore[attr-defined]


class LogForm(DeliveryForm):
    """Log a delivery of whatever is owed next."""

    def __init__(self, *args: Any, services: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        owed = Service.objects.filter(pk__in=services).order_by("name")
        self.fields["service"] = forms.ModelChoiceField(owed, empty_label=None)
        self.order_fields(["service", "delivered_on", "deliverer", "note"])


class RequestForm(forms.Form):
    """Log what a customer asked."""

    asked_at = MomentField(label="Asked at", help_text="As the clocks of the workspace show it.")
    subject = forms.CharField(max_length=200, label="What they asked")

    def __init__(self, *args: Any, services: dict[int, str], zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        promised = Service.objects.filter(pk__in=services).order_by("name")
        self.fields["service"] = forms.ModelChoiceField(promised, empty_label=None)
        self.fields["asked_at"].zone = zone  # type: ignore[attr-defined]
        self.order_fields(["service", "asked_at", "subject"])


class WaiverForm(forms.Form):
    """Say why something is not owed."""

    reason = forms.CharField(
        max_length=300, help_text="For example: the customer asked to skip this quarter."
    )


class AssignmentForm(forms.Form):
    """Give a service to a colleague. `seen`: whose it was when the page was made, 0 for nobody's."""

    owner = forms.ModelChoiceField(
        Membership.objects.none(), required=False, empty_label="Nobody", label="To"
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = team()  # type: ignore[attr-defined]


class ManyForm(forms.Form):
    """Complete several at once."""

    delivered_on = forms.DateField(widget=DateInput, label="Delivered on")
    note = forms.CharField(required=False, max_length=2000)


class ServiceFilterForm(forms.Form):
    """The filters of the page of services; what it shows comes from `ServiceFilter`."""

    window = forms.ChoiceField(label="Due in")
    since = forms.DateField(widget=DateInput, label="From")
    until = forms.DateField(widget=DateInput, label="To")
    owner = forms.ChoiceField(label="CSM")
    tier = forms.ChoiceField()
    service = forms.ChoiceField()
    by = forms.CharField(widget=forms.HiddenInput)
    state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if self.initial["window"] != "custom":
            del self.fields["since"], self.fields["until"]
