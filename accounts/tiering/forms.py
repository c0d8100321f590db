"""Forms about pins, planned moves and an account's own terms; thresholds have a file of their own."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from accounts.tiering.queries import tiers_before
from accounts.tiers.checks import problem_of
from accounts.tiers.models import DeliveredBy, Per, Service, Tier
from accounts.tiers.queries import services, tiers
from accounts.tiers.terms import Terms
from accounts.tiers.wording import HOURS, WHOLE_NUMBER, number_errors
from csworkspace.web.widgets import DateInput


class AcceptForm(forms.Form):
    """From which day on accepted suggestions hold; empty: at once."""

    on = forms.DateField(label="From", required=False, widget=DateInput)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_on(self) -> date | None:
        """A day to come; today means at once."""
        return coming_day(self.cleaned_data["on"], self.today)


class PinForm(forms.Form):
    """Why an account stays in its tier, whatever revenue suggests."""

    reason = forms.CharField(
        label="Why it is pinned", max_length=300, help_text="For example: a reference in its industry."
    )

    def clean_reason(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["reason"].split())


class MoveForm(forms.Form):
    """Move an account to another tier on a day to come."""

    tier = forms.ModelChoiceField(Tier.objects.none(), required=False, empty_label="No tier")
    on = forms.DateField(label="From", widget=DateInput)
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, *args: Any, account: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today, self.account = today, account
        self.fields["tier"].queryset = tiers()  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """A day to come."""
        day = coming_day(self.cleaned_data["on"], self.today)
        if day is None:
            raise forms.ValidationError("Choose a later day; to move it at once, change its tier instead.")
        return day

    def clean_reason(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["reason"].split())

    def clean(self) -> dict[str, Any]:
        """Another tier than now, or back to it after a planned move."""
        values = super().clean() or {}
        if {"tier", "on"} <= values.keys() and not self._leads_on(values["tier"], values["on"]):
            self.add_error("tier", "The account is there already. Choose another tier.")
        return values

    def _leads_on(self, tier: Tier | None, on: date) -> bool:
        pk, own = self.account.pk, self.account.tier_id
        return (tier.pk if tier else None) != own or tiers_before(on, [pk]).get(pk, own) != own


def coming_day(day: date | None, today: date) -> date | None:
    """A day after today; None for today and for nothing. Raises ValidationError for the past."""
    if day and day < today:
        raise forms.ValidationError("That day is over. Choose a day to come.")
    if day and day.year > today.year + 10:
        raise forms.ValidationError("Choose a day within the next ten years.")
    return None if day == today else day


class OverrideForm(forms.Form):
    """Other terms of one service for one account."""

    service = forms.ModelChoiceField(Service.objects.none(), empty_label="Choose a service")
    is_owed = forms.TypedChoiceField(
        label="Is it owed to this account?",
        choices=[("yes", "Yes, on these terms"), ("no", "No, not at all")],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    times = forms.IntegerField(
        label="How many times",
        initial=1,
        max_value=100,
        error_messages=number_errors("Write a number from 1 to 100.", invalid=WHOLE_NUMBER),
    )
    per = forms.ChoiceField(choices=Per.choices, initial=Per.QUARTER)
    hours = forms.DecimalField(
        label="CSM hours each time",
        max_digits=6,
        decimal_places=2,
        initial=Decimal(1),
        max_value=1000,
        error_messages=number_errors(HOURS),
    )
    delivered_by = forms.ChoiceField(choices=DeliveredBy.choices, initial=DeliveredBy.PERSON)
    grace_days = forms.IntegerField(
        label="Days of grace",
        initial=14,
        max_value=365,
        help_text="How late it still is on time.",
        error_messages=number_errors("Write a number of days from 0 to 365.", invalid=WHOLE_NUMBER),
    )
    response_hours = forms.DecimalField(
        label="Answer within, hours",
        required=False,
        max_digits=6,
        decimal_places=2,
        help_text="Response times only.",
        error_messages=number_errors(HOURS),
    )
    starts_on = forms.DateField(label="From", widget=DateInput)
    ends_on = forms.DateField(
        label="Until", required=False, widget=DateInput, help_text="Empty: until it is ended."
    )
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service"].queryset = services()  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["reason"].split())

    def clean(self) -> dict[str, Any]:
        """Terms that can be kept, on days in order."""
        values = super().clean() or {}
        starts, ends = values.get("starts_on"), values.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "It would end before it begins. Choose a later day.")
        if not self.errors:
            service = values["service"]
            problem = problem_of(terms_from(values), service)
            if problem:
                self.add_error(None, f"{service.name}: {problem}")
        return values


def terms_from(values: dict[str, Any]) -> Terms:
    """The terms that a valid form describes."""
    service = values["service"]
    return Terms(
        service_id=service.pk,
        service=service.name,
        kind=service.kind,
        times=values["times"],
        per=values["per"],
        hours=values["hours"],
        delivered_by=values["delivered_by"],
        grace_days=values["grace_days"],
        response_hours=values["response_hours"],
    )


class EndForm(forms.Form):
    """The last day of an account's own terms."""

    on = forms.DateField(label="Last day", widget=DateInput)
