"""Forms about tiers, the catalogue of services, and templates."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core import signing

from accounts.tiers.checks import MOST_ARR, MOST_GROWTH, SERVICE_FIELDS
from accounts.tiers.models import Colour, Entry, Service, ServiceKind, Tier, Touch
from accounts.tiers.wording import NO_DAY, PAST_START, number_errors
from csworkspace.web import times
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput

FIRST_DAY = date(2000, 1, 1)
FURTHEST = timedelta(days=5 * 365)
SHARE = "Write a share from 1 to 100 percent, with at most two decimals."


def check_day(day: date, today: date) -> date:
    """A day on which terms may begin, within reason. Raises ValidationError."""
    if day < FIRST_DAY:
        raise forms.ValidationError(f"{times.day(day)} is too long ago. Choose a later day.")
    if day > today + FURTHEST:
        raise forms.ValidationError(f"Choose a day up to {times.day(today + FURTHEST)}.")
    return day


class TierForm(VersionedForm):
    """A tier: what it is called, looks like, and which accounts belong into it."""

    name = forms.CharField(max_length=60, help_text="Such as Top, Leveraged or Scalable.")
    description = forms.CharField(
        max_length=300, required=False, help_text="What its accounts can count on, in one sentence."
    )
    colour = forms.ChoiceField(
        choices=Colour.choices,
        initial=Colour.PETROL,
        widget=forms.RadioSelect,
        help_text="Marks the tier on pages and charts, beside its name.",
    )
    touch = forms.ChoiceField(choices=Touch.choices, initial=Touch.SHARED, widget=forms.RadioSelect)
    entry = forms.ChoiceField(
        label="Which accounts belong in it",
        choices=Entry.choices,
        initial=Entry.HAND,
        widget=forms.RadioSelect,
        help_text="Suggested tiers follow this rule. Nothing moves by itself.",
    )
    entry_share = forms.DecimalField(
        label="Share of revenue, in percent",
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text="1 to 100. Between a third and a half is sensible.",
        error_messages=number_errors(SHARE),
    )
    entry_arr = forms.DecimalField(
        label="ARR from",
        max_digits=14,
        decimal_places=2,
        required=False,
        error_messages=number_errors(f"Write an amount up to {MOST_ARR:,}, with at most two decimals."),
    )
    entry_growth = forms.DecimalField(
        label="Or growth from, in percent a year",
        max_digits=7,
        decimal_places=2,
        required=False,
        help_text="Either is enough. Leave one empty to use only the other.",
        error_messages=number_errors(f"Write a growth up to {MOST_GROWTH:,}, with at most two decimals."),
    )

    def __init__(self, *args: Any, subject: Tier | None = None, currency: str, **options: Any) -> None:
        super().__init__(*args, subject=subject, initial=tier_values(subject), **options)
        self.fields["entry_arr"].help_text = f"In {currency}; other currencies are converted."

    def clean_name(self) -> str:
        """The name on one line."""
        return " ".join(self.cleaned_data["name"].split())

    def thresholds(self) -> list[tuple[str, list[Any]]]:
        """Entry rule → the fields that only it uses."""
        return [
            (Entry.SHARE.value, [self["entry_share"]]),
            (Entry.VALUE.value, [self["entry_arr"], self["entry_growth"]]),
        ]


def tier_values(tier: Tier | None) -> dict[str, Any]:
    """What the form shows of a tier, numbers without trailing zeros."""
    if tier is None:
        return {}
    values = {name: getattr(tier, name) for name in ("name", "description", "colour", "touch", "entry")}
    for name in ("entry_share", "entry_arr", "entry_growth"):
        number = getattr(tier, name)
        values[name] = None if number is None else f"{number.normalize():f}"
    return values


class ServiceForm(forms.Form):
    """A service of the catalogue; `seen` is what it was when the page was opened, signed."""

    name = forms.CharField(max_length=80, help_text="As your team and your customers call it.")
    kind = forms.ChoiceField(
        choices=ServiceKind.choices,
        initial=ServiceKind.OTHER,
        help_text="Says how it is delivered: a review by its report, a response by an answer.",
    )
    description = forms.CharField(
        max_length=300, required=False, help_text="When it counts as delivered, so that all mean the same."
    )

    seen = forms.CharField(label="The page", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: Service | None = None, **options: Any) -> None:
        values = {name: getattr(subject, name) for name in SERVICE_FIELDS} if subject else {}
        options["initial"] = values
        super().__init__(*args, **options)
        if subject is None:
            del self.fields["seen"]
        else:
            self.salt = f"service {subject.pk}"
            self.initial["seen"] = signing.dumps(list(values.values()), salt=self.salt)

    def clean_seen(self) -> list[str] | None:
        """The service's values as they were; None: not asked."""
        if not self.cleaned_data["seen"]:
            return None
        try:
            values: list[str] = signing.loads(self.cleaned_data["seen"], salt=self.salt)
        except signing.BadSignature as error:
            raise forms.ValidationError("Open it again.") from error
        return values

    def clean_name(self) -> str:
        """The name on one line."""
        return " ".join(self.cleaned_data["name"].split())


class TemplateForm(forms.Form):
    """From which day on a template's service levels are promised."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    starts_on = forms.DateField(
        label="Promised from",
        widget=DateInput(),
        help_text=PAST_START,
        error_messages={"invalid": NO_DAY},
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_starts_on(self) -> date:
        """Within reason."""
        return check_day(self.cleaned_data["starts_on"], self.today)
