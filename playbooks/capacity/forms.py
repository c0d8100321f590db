"""Forms about people's time, and the inverse question."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from csworkspace.web.formats import number, plural
from csworkspace.web.texts import clean_line
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput
from playbooks.capacity.actions import clean_words

MOST_HOURS = 80
NO_DAY = "This is not a day of the calendar; write it like 2027-01-01."
USUAL = {"hours_per_week": Decimal(40), "meeting_share": Decimal("0.25"), "leave_share": Decimal("0.15")}


def range_words(least: Any, most: Any, what: str = "number") -> dict[str, str]:
    """What a field between two numbers says of anything else, in one sentence for each mistake."""
    span = f"Write a {what} from {number(least)} to {number(most)}."
    return {"min_value": span, "max_value": span, "invalid": span}


class RangeField(forms.DecimalField):
    """A number between two others, with so many decimals at most."""

    def __init__(self, *, least: Any, most: Any, places: int = 2, **options: Any) -> None:
        decimals = f"Write {plural(places, 'decimal')} at most."
        super().__init__(
            min_value=Decimal(least),
            max_value=Decimal(most),
            decimal_places=places,
            error_messages={**range_words(least, most), "max_decimal_places": decimals},
            **options,
        )


class PercentField(RangeField):
    """A share of 0 to 1 that people write in percent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(least=0, most=100, places=1, **options)

    def prepare_value(self, value: Any) -> Any:
        """0.25 → 25; what was typed stays."""
        return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        """25 → 0.25."""
        cleaned = super().clean(value)
        return None if cleaned is None else cleaned / 100


class HoursField(RangeField):
    """Hours, shown without zeros that say nothing."""

    def prepare_value(self, value: Any) -> Any:
        """8.00 → 8; what was typed stays."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class WordsField(forms.CharField):
    """Words with commas between them, kept in lower case."""

    def prepare_value(self, value: Any) -> Any:
        """A list as it is written."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The words, each once."""
        return clean_words(clean_line(super().clean(value)).split(","))


class HoursForm(forms.Form):
    """Working time: hours a week, and the shares that customers do not get."""

    hours_per_week = HoursField(least=0, most=MOST_HOURS, label="Hours a week")
    meeting_share = PercentField(
        label="Meetings, in percent",
        help_text="Internal meetings, mail, training: time that is no account’s.",
    )
    leave_share = PercentField(
        label="Leave, in percent",
        help_text="Holidays and illness over a year: the assumption until the calendar knows of more.",
    )


class CapacityForm(VersionedForm, HoursForm):
    """A CSM's working time and whom they can look after."""

    languages = WordsField(max_length=300, required=False, help_text="Such as English, German. Empty: any.")
    regions = WordsField(max_length=300, required=False, help_text="Such as UK, Nordics. Empty: any.")
    skills = WordsField(max_length=300, required=False, help_text="Such as SAP, migration. Empty: any.")


class AbsenceForm(forms.Form):
    """Days on which a CSM is away."""

    starts_on = forms.DateField(label="First day", widget=DateInput, error_messages={"invalid": NO_DAY})
    ends_on = forms.DateField(label="Last day", widget=DateInput, error_messages={"invalid": NO_DAY})
    note = forms.CharField(max_length=120, required=False, help_text="Such as Parental leave.")

    def clean_note(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        """Not the wrong way round, and within a lifetime."""
        values = self.cleaned_data
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "An absence cannot end before it starts.")
        if first and last and (first.year < 2000 or (last - first).days > 3 * 366):
            self.add_error("ends_on", "An absence lasts three years at most. Check the years.")
        return values


class CalculatorForm(HoursForm):
    """How many accounts can a CSM serve at this level?"""

    hours_an_account = HoursField(least=Decimal("0.01"), most=1000, label="Hours an account costs a quarter")


class QuarterForm(forms.Form):
    """Which quarter to balance."""

    quarter = forms.ChoiceField(label="Balance")

    def __init__(self, *args: Any, quarters: Sequence[date], names: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]
            (start.isoformat(), name) for start, name in zip(quarters, names, strict=True)
        ]


class NameForm(VersionedForm):
    """What a scenario is called."""

    name = forms.CharField(max_length=120, help_text="Such as Two more CSMs, or Trim the top tier.")

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"])
