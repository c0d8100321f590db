"""The service levels of a tier as one form: a head, and a row for each service.

Rows are added and removed by buttons that send what was typed so far; nothing is checked then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from accounts.tiers.checks import cadence_problem, grace_problem, hours_problem, response_problem
from accounts.tiers.forms import check_day
from accounts.tiers.models import DeliveredBy, Per, Service, Tier
from accounts.tiers.terms import Terms, quarterly_hours
from accounts.tiers.wording import HOURS, NO_DAY, WHOLE_NUMBER, number_errors
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput

MOST_ROWS = 40
COLUMNS = ("service", "times", "per", "hours", "delivered_by", "grace_days", "response_hours")


class TermsHead(VersionedForm):
    """From which day on, and why."""

    starts_on = forms.DateField(
        label="In effect from", widget=DateInput(), error_messages={"invalid": NO_DAY}
    )
    note = forms.CharField(
        label="Why",
        max_length=300,
        required=False,
        help_text="Kept with the version, for whoever asks later.",
    )

    def __init__(self, *args: Any, today: date, hint: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["starts_on"].help_text = hint

    def clean_starts_on(self) -> date:
        """Within reason."""
        return check_day(self.cleaned_data["starts_on"], self.today)


def whole_field(label: str, most: int, initial: int) -> forms.IntegerField:
    """A whole number; the domain's own checks say what is wrong with it."""
    widget = forms.NumberInput(attrs={"min": 0, "max": most, "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, initial=initial, widget=widget, error_messages={"invalid": WHOLE_NUMBER}
    )


def hours_field(label: str, *, required: bool = True) -> forms.DecimalField:
    """A number of hours."""
    widget = forms.NumberInput(attrs={"min": 0, "step": "0.25", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label,
        max_digits=6,
        decimal_places=2,
        required=required,
        widget=widget,
        error_messages=number_errors(HOURS),
    )


class TermsRow(forms.Form):
    """One service and its terms."""

    service = forms.TypedChoiceField(
        label="Service", coerce=int, error_messages={"required": "Choose a service, or remove the row."}
    )
    times = whole_field("Times", 100, 1)
    per = forms.ChoiceField(label="How often", choices=Per.choices, initial=Per.QUARTER)
    hours = hours_field("Hours each time")
    delivered_by = forms.ChoiceField(
        label="Delivered by", choices=DeliveredBy.choices, initial=DeliveredBy.PERSON
    )
    grace_days = whole_field("Days of grace", 365, 14)
    response_hours = hours_field("Answer within hours", required=False)

    def __init__(self, *args: Any, services: Sequence[Service], **options: Any) -> None:
        super().__init__(*args, **options)
        self.services = {service.pk: service for service in services}
        choices = [("", "Choose a service"), *((one.pk, one.name) for one in services)]
        self.fields["service"].choices = choices  # type: ignore[attr-defined]
        number = int(self.prefix.rpartition("-")[2]) + 1 if self.prefix else 1
        for field in self.fields.values():
            field.label = f"{field.label}, row {number}"
            field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any]:
        """Put each problem of the terms beside its field."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and values.get("service"):
            terms, kind = self.terms(), self.services[values["service"]].kind
            self._refuse("times", cadence_problem(terms))
            self._refuse("hours", hours_problem(terms))
            self._refuse("grace_days", grace_problem(terms))
            self._refuse("response_hours", response_problem(terms, kind))
        return values

    def _refuse(self, field: str, problem: str) -> None:
        if problem:
            self.add_error(field, problem[0].upper() + problem[1:])

    def terms(self) -> Terms:
        """The row as terms."""
        service = self.services[self.cleaned_data["service"]]
        plain = {name: self.cleaned_data[name] for name in COLUMNS[1:]}
        return Terms(service_id=service.pk, service=service.name, kind=service.kind, **plain)

    @property
    def hours_a_quarter(self) -> Decimal | None:
        """What the row costs as it stands, whether it is right or not; None when that cannot be told."""
        try:
            times, each = Decimal(str(self["times"].value())), Decimal(str(self["hours"].value()))
            if not 0 <= times <= 100 or not 0 <= each <= 1000:
                return None
            return quarterly_hours(int(times), str(self["per"].value()), each)
        except (InvalidOperation, ValueError):
            return None


class TermsRows(forms.BaseFormSet):
    """All rows; a row that nobody touched is passed over, and a service is there once."""

    def initial_form_count(self) -> int:
        """None: the rows that are shown first may be removed like any other."""
        return 0

    def clean(self) -> None:
        """Refuse the second row of a service."""
        seen: set[int] = set()
        for row in self.forms:
            service = getattr(row, "cleaned_data", {}).get("service")
            if service in seen:
                row.add_error("service", "This service is there twice. Keep one row of it.")
            seen |= {service} if service else set()


def typed_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was typed into the rows, unchecked, in order."""
    total = str(data.get("rows-TOTAL_FORMS", ""))
    count = min(int(total), MOST_ROWS) if total.isdecimal() and len(total) < 5 else 0
    return [{name: data.get(f"rows-{at}-{name}", "") for name in COLUMNS} for at in range(count)]


def reshaped(data: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The typed rows after the button that was pressed: one more, one less, or as they are; None: save."""
    rows, remove = typed_rows(data), str(data.get("remove", ""))
    if "add" in data:
        return [*rows, {}]
    if remove.isdecimal() and len(remove) < 5:
        return [row for at, row in enumerate(rows) if at != int(remove)]
    return rows if "count" in data else None


@dataclass
class TermsForm:
    """Head and rows together, with what kit/_errors.html asks of a form."""

    head: TermsHead
    rows: forms.BaseFormSet

    def is_valid(self) -> bool:
        """Whether both can be saved; both are looked at."""
        return all([self.head.is_valid(), self.rows.is_valid()])

    @property
    def errors(self) -> bool:
        """Whether something was refused."""
        return bool(self.head.errors or self.rows.total_error_count())

    @property
    def non_field_errors(self) -> list[str]:
        """What belongs to no field."""
        return [*self.head.non_field_errors(), *self.rows.non_form_errors()]

    def __iter__(self) -> Iterator[Any]:
        yield from self.head
        for row in self.rows.forms:
            yield from row

    def terms(self) -> list[Terms]:
        """The rows that were filled in, as terms."""
        return [row.terms() for row in self.rows.forms if row.cleaned_data.get("service")]

    @property
    def hours_a_quarter(self) -> Decimal:
        """CSM hours per account and quarter of all rows that can be counted."""
        return sum((row.hours_a_quarter or Decimal(0) for row in self.rows.forms), Decimal(0))


def terms_form(
    data: Any, tier: Tier, *, services: Sequence[Service], today: date, head: dict[str, Any], hint: str,
    rows: Sequence[Mapping[str, Any]],
) -> TermsForm:  # fmt: skip
    """The form: bound when it is to be saved, else showing `head` and `rows`, or what was typed so far."""
    kept = reshaped(data) if data else None
    shown = rows if kept is None else kept
    bound = data if data and kept is None else None
    if kept is not None:
        head = {name: data.get(name, "") for name in ("starts_on", "note", "version")}
    make = forms.formset_factory(
        TermsRow,
        formset=TermsRows,
        extra=len(shown),
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )
    levels = make(
        bound, prefix="rows", initial=None if bound else [*shown], form_kwargs={"services": services}
    )
    if kept and "add" in data:
        levels.forms[-1].fields["service"].widget.attrs["data-focus"] = True
    return TermsForm(TermsHead(bound, subject=tier, initial=head, today=today, hint=hint), levels)


def row_of(terms: Terms) -> dict[str, Any]:
    """What the form shows of terms, numbers without trailing zeros."""
    within = terms.response_hours
    return {
        **{name: getattr(terms, name) for name in ("times", "per", "delivered_by", "grace_days")},
        "service": terms.service_id,
        "hours": f"{terms.hours.normalize():f}",
        "response_hours": "" if within is None else f"{within.normalize():f}",
    }
