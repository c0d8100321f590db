"""Forms about signals."""

from datetime import date, timedelta
from typing import Any

from django import forms

from csworkspace.web.lines import TitleLine
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput
from playbooks.indicators.models import Severity, SignalKind
from playbooks.signals.actions import MOST_PER_DAY, News
from playbooks.signals.models import Outcome

SNOOZE_DAYS = 7


class SeenForm(forms.Form):
    """The base: carries the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class SnoozeForm(SeenForm):
    """Put a signal aside until a day."""

    until = forms.DateField(widget=DateInput, label="Until", help_text="It is open again on this day.")
    note = forms.CharField(required=False, max_length=500, help_text="Why it can wait.")


class ResolveForm(SeenForm):
    """Say what became of a signal."""

    outcome = forms.ChoiceField(
        choices=[("", "Choose what became of it"), *Outcome.choices],
        help_text="What you say here teaches which indicators are worth having. After a false alarm "
        "the indicator keeps quiet on this account for twice its usual time.",
    )
    note = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What was found or done. Stays in the workspace.",
    )


class ManyForm(forms.Form):
    """What may be done with ticked signals; which field is needed depends on the button."""

    until = forms.DateField(widget=DateInput, label="Snooze until", required=False)
    outcome = forms.ChoiceField(choices=[("", "Outcome"), *Outcome.choices], required=False)
    note = forms.CharField(required=False, max_length=500)

    def need(self, name: str, said: str) -> bool:
        """Whether the form is good and this field is given; if not, it has an error that says so."""
        if self.is_valid() and not self.cleaned_data[name]:
            self.add_error(name, said)
        return self.is_valid()


def empty_many(today: date) -> ManyForm:
    """The form of the inbox, with a week's snooze."""
    return ManyForm(initial={"until": today + timedelta(days=SNOOZE_DAYS)})


class SignalForm(TitleLine, forms.Form):
    """A signal by hand."""

    title = forms.CharField(
        max_length=300,
        label="What did you see?",
        help_text="One sentence, such as “The operations director leaves at the end of March”.",
    )
    kind = forms.ChoiceField(choices=SignalKind.choices, label="Kind")
    severity = forms.TypedChoiceField(
        choices=Severity.choices, coerce=int, initial=Severity.MEDIUM, label="How much does it matter?"
    )
    note = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What is known, from whom, and what it may lead to. Stays in the workspace.",
    )

    def news(self) -> News:
        """What the signal says."""
        return News(**self.cleaned_data)


class CapForm(VersionedForm):
    """How many signals indicators may raise on one account and day."""

    most_per_day = forms.IntegerField(
        min_value=1,
        max_value=MOST_PER_DAY,
        label="Signals per account and day",
        help_text=f"1 to {MOST_PER_DAY}, the most severe first. People’s and programs’ own do not count.",
    )


class SignalFilterForm(forms.Form):
    """The filters of the inbox; what it shows comes from `SignalFilter`."""

    owner = forms.ChoiceField(label="Accounts of")
    kind = forms.ChoiceField()
    severity = forms.ChoiceField()
    tier = forms.ChoiceField()
    segment = forms.ChoiceField()
    indicator = forms.ChoiceField()
    state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
