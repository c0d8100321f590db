"""The form that takes a benchmark."""

from datetime import date
from typing import Any

from django import forms

from csworkspace.web.widgets import DateInput
from playbooks.benchmarks.actions import check_day
from playbooks.benchmarks.questions import QUESTIONS


class BenchmarkForm(forms.Form):
    """The day, the short questionnaire, a note."""

    taken_on = forms.DateField(
        label="As of",
        widget=DateInput,
        help_text="The level and every metric are taken as they were measured on this day.",
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        for question in QUESTIONS:
            self.fields[question.key] = forms.CharField(
                label=question.text,
                help_text=question.help,
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["note"] = forms.CharField(
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Anything else that explains these numbers, for those who read them in a year.",
        )

    def clean_taken_on(self) -> date:
        """Not in the future, and not in the year 202."""
        day: date = self.cleaned_data["taken_on"]
        try:
            check_day(day, self.today)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return day

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The questions with what was answered, in order."""
        return [(question.text, self.cleaned_data[question.key].strip()) for question in QUESTIONS]
