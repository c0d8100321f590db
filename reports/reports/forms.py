"""Forms of reports."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from reports.reports.commentary import MAX_LENGTH, fields_for
from reports.reports.models import ReportKind
from reports.reports.periods import PeriodError, default_period, parse_period, recent_periods


class PeriodForm(forms.Form):
    """Which period to report on."""

    period = forms.ChoiceField(label="Period")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (one.key, f"{one.label}{', to date' if one.to_date else ''}") for one in recent_periods(today)
        ]
        field.initial = default_period(today).key

    def clean_period(self) -> str:
        """A period that has begun."""
        try:
            return parse_period(self.cleaned_data["period"], self.today).key
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from None


class NewReportForm(PeriodForm):
    """Which report, on which period."""

    kind = forms.ChoiceField(label="Report", choices=ReportKind.choices, initial=ReportKind.QBR)
    field_order = ["kind", "period"]


class CommentaryForm(forms.Form):
    """One text field for everything that can be commented."""

    def __init__(self, *args: Any, snapshot: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in fields_for(snapshot).items():
            self.fields[name] = forms.CharField(
                label=label,
                help_text=help_text,
                required=False,
                max_length=MAX_LENGTH,
                widget=forms.Textarea(attrs={"rows": 6 if name == "summary" else 4}),
            )
