"""Forms about plans. All of them carry the plan's version; on an active plan they ask for a reason."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from accounts.contacts.models import Contact
from accounts.metrics.models import Metric
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.web.widgets import DateInput
from playbooks.plans.actions import check_head
from playbooks.plans.content import check_target
from playbooks.plans.models import Plan, PlanState, Practice, Side, Target
from playbooks.plans.progress import Checkpoint

STOPS = (1, 2, 3, 4)


def number_text(value: Decimal | None) -> str:
    """A stored number as one would type it: no exponent, no trailing zeros."""
    return "" if value is None else f"{value.normalize():f}"


def contacts_of(account_id: int) -> Any:
    """The people at an account who are still there, by name."""
    return Contact.objects.filter(account_id=account_id, left_on=None).order_by("name", "id")


class PlanForm(forms.Form):
    """The base: `version` of the plan as it was seen, and `reason` once it is active."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Plan | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.plan = plan
        if plan is None:
            del self.fields["version"]
            return
        self.fields["version"].initial = plan.version
        if plan.state == PlanState.ACTIVE:
            self.fields["reason"] = forms.CharField(
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                label="Why does the plan change?",
                help_text="Kept with the change, for both sides to read.",
            )


class HeadForm(PlanForm):
    """Title, dates, owners."""

    title = forms.CharField(max_length=200, help_text="For example: Faster month-end close in 2026.")
    starts_on = forms.DateField(widget=DateInput, label="Starts")
    ends_on = forms.DateField(widget=DateInput, label="Ends")
    owner = forms.ModelChoiceField(
        Membership.objects.none(), required=False, empty_label="Nobody yet", label="Our owner"
    )
    customer_owner = forms.ModelChoiceField(
        Contact.objects.none(), required=False, empty_label="Nobody yet", label="Customer's owner"
    )
    field_order = ["title", "starts_on", "ends_on", "owner", "customer_owner"]

    def __init__(self, *args: Any, account_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account_id = account_id
        self.fields["owner"].queryset = team()  # type: ignore[attr-defined]
        self.fields["customer_owner"].queryset = contacts_of(account_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Dates and people fit together."""
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("starts_on"), values.get("ends_on")
        try:
            if start and end:
                check_head(self.account_id, start, end, values.get("customer_owner"))
        except ValueError as error:
            self.add_error("ends_on", str(error))
        return values


class ObjectiveForm(PlanForm):
    """An objective."""

    words = forms.CharField(
        max_length=2000,
        label="In the customer's words",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The job they hired the product for. For example: We want to close the books in five days.",
    )


class TargetForm(PlanForm):
    """A target for a metric; `terms` are the arguments of the actions."""

    baseline = forms.DecimalField(max_digits=20, decimal_places=6, label="From (baseline)")
    value = forms.DecimalField(max_digits=20, decimal_places=6, label="To (target)")
    starts_on = forms.DateField(widget=DateInput, label="Starts")
    due_on = forms.DateField(widget=DateInput, label="Due")

    def __init__(self, *args: Any, metric: Metric, **options: Any) -> None:
        super().__init__(*args, **options)
        self.metric = metric
        for name in ("baseline", "value"):
            self.fields[name].help_text = f"In {metric.unit}." if metric.unit else ""
        for number in STOPS:
            self.fields[f"stop_{number}_on"] = forms.DateField(
                required=False, widget=DateInput, label=f"Checkpoint {number}"
            )
            self.fields[f"stop_{number}_value"] = forms.DecimalField(
                required=False, max_digits=20, decimal_places=6, label="Value by then"
            )

    @property
    def stop_rows(self) -> list[tuple[Any, Any]]:
        """The pairs of checkpoint fields, for the template."""
        return [(self[f"stop_{number}_on"], self[f"stop_{number}_value"]) for number in STOPS]

    def clean(self) -> dict[str, Any]:
        """Checkpoints are whole, and the terms fit together."""
        values: dict[str, Any] = super().clean() or {}
        stops = []
        for number in STOPS:
            on, value = values.get(f"stop_{number}_on"), values.get(f"stop_{number}_value")
            if on and value is not None:
                stops.append(Checkpoint(on, value))
            elif on or value is not None:
                field = f"stop_{number}_value" if on else f"stop_{number}_on"
                self.add_error(field, "A checkpoint needs both a date and a value.")
        values["checkpoints"] = stops
        if not self.errors:
            self._fit(values)
        return values

    def _fit(self, values: dict[str, Any]) -> None:
        try:
            check_target(self.metric, **{name: values[name] for name in TERMS})
        except ValueError as error:
            self.add_error(None, str(error))

    @property
    def terms(self) -> dict[str, Any]:
        """Baseline, value, dates and checkpoints."""
        return {name: self.cleaned_data[name] for name in TERMS}


TERMS = ("baseline", "value", "starts_on", "due_on", "checkpoints")


def initial_of_target(target: Target) -> dict[str, Any]:
    """What the form shows of a target."""
    initial: dict[str, Any] = {
        "baseline": number_text(target.baseline),
        "value": number_text(target.value),
        "starts_on": target.starts_on,
        "due_on": target.due_on,
    }
    for number, stop in zip(STOPS, target.stops, strict=False):
        initial |= {f"stop_{number}_on": stop.on, f"stop_{number}_value": number_text(stop.value)}
    return initial


class PracticeForm(PlanForm):
    """A practice: what, who, by when."""

    title = forms.CharField(
        max_length=200, label="What will be done", help_text="A habit to adopt, or a step."
    )
    side = forms.ChoiceField(choices=Side.choices, initial=Side.CUSTOMER, label="Who does it")
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, empty_label="Not named", label="Person at the customer"
    )
    owner = forms.ModelChoiceField(
        Membership.objects.none(), required=False, empty_label="Not named", label="Person on our side"
    )
    due_on = forms.DateField(required=False, widget=DateInput, label="By")

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*args, plan=plan, **options)
        self.fields["owner"].queryset = team()  # type: ignore[attr-defined]
        self.fields["contact"].queryset = contacts_of(plan.account_id)  # type: ignore[attr-defined]


def initial_of_practice(practice: Practice) -> dict[str, Any]:
    """What the form shows of a practice."""
    return {name: getattr(practice, name) for name in ("title", "side", "contact", "owner", "due_on")}


class ConfirmForm(PlanForm):
    """Taking something out of a plan: nothing but the version, and the reason."""


class ClosingForm(PlanForm):
    """How the plan ended."""

    note = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        label="How did it end?",
        help_text="What was reached, what was not, and what both sides learned.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("reason", None)


def default_end(start: date) -> date:
    """Half a year after the start: long enough to show a result, short enough to matter."""
    month = start.month + 6
    year, month = start.year + (month > 12), (month - 1) % 12 + 1
    return date(year, month, min(start.day, 28))
