"""Forms of the working calendar."""

from datetime import date
from typing import Any

from django import forms

from csworkspace.calendar.icsfile import LARGEST, read_calendar
from csworkspace.calendar.models import WorkCalendar
from csworkspace.calendar.pasting import Named, Read, complaint, read_lines
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHOWN_PROBLEMS = 10


def hour(label: str) -> forms.TimeField:
    """A time of the day."""
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class WeekForm(VersionedForm):
    """Working days and hours."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Working days",
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one working day."},
    )
    opens_at = hour("The day begins at")
    closes_at = hour("The day ends at")

    @classmethod
    def of(cls, calendar: WorkCalendar, data: Any = None) -> "WeekForm":
        """The form of a calendar."""
        names = ("weekdays", "opens_at", "closes_at")
        return cls(data, subject=calendar, initial={name: getattr(calendar, name) for name in names})

    def clean(self) -> dict[str, Any]:
        """The day has to end after it begins."""
        data = self.cleaned_data
        if data.get("opens_at") and data.get("closes_at") and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", "The working day ends before it begins. Enter a later hour.")
        return data


class HolidayForm(forms.Form):
    """One holiday."""

    day = forms.DateField(widget=DateInput)
    name = forms.CharField(max_length=120)

    def clean(self) -> dict[str, Any]:
        """The same rule as for pasted ones."""
        data = self.cleaned_data
        wrong = complaint(data["day"], data["name"]) if "day" in data and "name" in data else ""
        if wrong:
            self.add_error("day", wrong)
        return data

    def holidays(self) -> list[Named]:
        """The one."""
        return [Named(self.cleaned_data["day"], self.cleaned_data["name"])]


class PasteForm(forms.Form):
    """Several holidays at once; all of them or none."""

    lines = forms.CharField(
        label="Holidays, one a line",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "2026-12-25 Christmas Day"}),
        help_text="The day first, then its name: 2026-12-25 Christmas Day.",
    )

    def clean_lines(self) -> list[Named]:
        """The holidays; an error for each line that is none."""
        return _taken(read_lines(self.cleaned_data["lines"]))

    def holidays(self) -> list[Named]:
        """What was pasted."""
        found: list[Named] = self.cleaned_data["lines"]
        return found


class FileForm(forms.Form):
    """An .ics file of public holidays."""

    file = forms.FileField(
        label="Calendar file (.ics)",
        help_text="Many countries and calendar services publish their public holidays as such a file.",
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.passed_over: list[str] = []

    def clean_file(self) -> list[Named]:
        """Its holidays; those that cannot be taken are in `passed_over`."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("The file is larger than 1 MB. A year of holidays is far smaller.")
        found = read_calendar(file.read(), self.today)
        if not found.holidays:
            return _taken(found)
        self.passed_over = found.problems
        return found.holidays

    def holidays(self) -> list[Named]:
        """What the file holds."""
        found: list[Named] = self.cleaned_data["file"]
        return found


def _taken(found: Read) -> list[Named]:
    problems = found.problems or ([] if found.holidays else ["There is no holiday in it."])
    if problems:
        rest = len(problems) - SHOWN_PROBLEMS
        more = [f"And {rest} more lines."] if rest > 0 else []
        raise forms.ValidationError([*problems[:SHOWN_PROBLEMS], *more])
    return found.holidays
