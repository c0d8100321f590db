"""Forms of the metric pages."""

from datetime import date
from typing import Any

from django import forms

from accounts.metrics.models import Aggregation, Direction, Metric, MetricKind
from csworkspace.web.widgets import DateInput

FIRST_DAY = date(2000, 1, 1)


class DayForm(forms.Form):
    """The day whose evidence is looked at."""

    day = forms.DateField(
        label="Day",
        widget=DateInput(),
        error_messages={"invalid": "This is not a day of the calendar; write it like 2026-11-21."},
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_day(self) -> date:
        """From the year 2000 until today."""
        day: date = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= self.today:
            raise forms.ValidationError(f"Choose a day from {FIRST_DAY} to {self.today}.")
        return day


class ValueForm(forms.Form):
    """A value of an outcome metric; the action checks what is possible."""

    day = forms.DateField(
        label="Day",
        widget=DateInput(),
        help_text="The day for which the number holds, not the day on which you learned it.",
        error_messages={"invalid": "This is not a day of the calendar; write it like 2026-11-21."},
    )
    value = forms.DecimalField(
        label="Value",
        max_digits=20,
        decimal_places=6,
        error_messages={"invalid": "Write a number like 12.5."},
    )
    note = forms.CharField(
        label="Note",
        max_length=300,
        required=False,
        help_text="Who told you, or where it is written: it is shown beside the number.",
    )

    def __init__(self, *args: Any, unit: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["value"].help_text = f"In {unit}." if unit else ""


class MetricForm(forms.Form):
    """A metric's definition; features are typed one a line."""

    name = forms.CharField(max_length=120, help_text="As it is printed in reports: Monthly users.")
    key = forms.CharField(
        max_length=60,
        help_text="For the API and exports: small letters, digits, - and _, such as monthly-users.",
    )
    description = forms.CharField(max_length=300, required=False, help_text="Why it matters to the customer.")
    kind = forms.ChoiceField(
        label="Where the numbers come from",
        choices=[(MetricKind.USAGE, "Computed from usage events"), (MetricKind.OUTCOME, "Entered by people")],
        widget=forms.RadioSelect,
        initial=MetricKind.USAGE,
    )
    aggregation = forms.ChoiceField(
        label="What is counted",
        choices=[("", "Choose"), *Aggregation.choices],
        help_text="Of the events; not needed for numbers that people enter.",
        error_messages={"required": "Choose how the events are counted."},
    )
    features = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        required=False,
        help_text="One a line; reports.* means all that begin with “reports.”. Empty means every feature.",
    )
    window_days = forms.IntegerField(
        label="Window in days",
        initial=28,
        help_text="The value of a day covers it and the days before; 28 days hold four of each weekday.",
    )
    unit = forms.CharField(
        max_length=40, required=False, help_text="people, hours, %, EUR: as it is printed after the number."
    )
    direction = forms.ChoiceField(choices=Direction.choices, widget=forms.RadioSelect, initial=Direction.UP)
    is_headline = forms.BooleanField(
        label="Headline metric: the one shown in the book of business", required=False
    )

    def __init__(self, *args: Any, metric: Metric | None = None, **options: Any) -> None:
        if metric:
            options["initial"] = initial_of(metric)
        super().__init__(*args, **options)
        if metric:
            self.fields["kind"].disabled = True
        if self["kind"].value() == MetricKind.OUTCOME:
            self.fields["aggregation"].required = self.fields["window_days"].required = False

    def clean_features(self) -> list[str]:
        """The lines that are not empty."""
        text: str = self.cleaned_data["features"]
        return [line.strip() for line in text.splitlines() if line.strip()]

    def clean_window_days(self) -> int:
        """28 where nothing was typed, for numbers that people enter."""
        days: int | None = self.cleaned_data["window_days"]
        return 28 if days is None else days


def initial_of(metric: Metric) -> dict[str, Any]:
    """A metric's definition as the form shows it."""
    plain = (
        "name",
        "key",
        "description",
        "kind",
        "aggregation",
        "window_days",
        "unit",
        "direction",
        "is_headline",
    )
    return {**{name: getattr(metric, name) for name in plain}, "features": "\n".join(metric.features)}
