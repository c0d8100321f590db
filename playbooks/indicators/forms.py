"""The form of an indicator: what is measured, when it holds, who is asked, and how it is said."""

from typing import Any

from django import forms

from accounts.accounts.models import Stage
from csworkspace.web.versions import VersionedForm
from playbooks.indicators.definition import MOST, MOST_DAYS, BadDefinition, Definition, read_definition
from playbooks.indicators.measures import Measure, When
from playbooks.indicators.models import Indicator, Severity, SignalKind
from playbooks.indicators.naming import Names
from playbooks.indicators.wording import BadTemplate, check_template
from playbooks.playbooks.models import Playbook, PlaybookState

PREFIX = "m"
SIDES = [(When.AT_LEAST, "At that number or more"), (When.AT_MOST, "At that number or less")]
DECIMAL: dict[str, Any] = {"max_digits": 20, "decimal_places": 6, "min_value": -MOST, "max_value": MOST}


class IndicatorForm(VersionedForm):
    """`params_form` is the measure's own; `definition` what both say together, after validation."""

    name = forms.CharField(max_length=120, help_text="As it is said: Main contact silent.")
    description = forms.CharField(max_length=500, required=False, help_text="Why it matters here.")
    kind = forms.ChoiceField(choices=SignalKind.choices, label="Tells of")
    severity = forms.TypedChoiceField(coerce=int, choices=Severity.choices, initial=2)
    when = forms.ChoiceField(choices=SIDES, label="It holds")
    begins = forms.DecimalField(label="Begins to hold at", **DECIMAL)
    ends = forms.DecimalField(
        label="Holds until it is past",
        help_text="On the safe side of the first number, so that it does not come and go every day.",
        **DECIMAL,
    )
    stages = forms.MultipleChoiceField(
        choices=Stage.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: every stage but churned.",
    )  # fmt: skip
    tenure_days = forms.IntegerField(
        min_value=0, max_value=MOST_DAYS, required=False, label="Customer for at least",
        help_text="Days; leave out those who have just begun.",
    )  # fmt: skip
    renewal_days = forms.IntegerField(
        min_value=0, max_value=MOST_DAYS, required=False, label="Renewal within",
        help_text="Days; only those whose renewal is near.",
    )  # fmt: skip
    explanation = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    cool_down_days = forms.IntegerField(
        min_value=0, max_value=365, initial=14, label="Rest after a signal",
        help_text="Days in which it raises no other on the same account.",
    )  # fmt: skip
    playbook = forms.ModelChoiceField(
        queryset=Playbook.objects.none(), required=False, label="Suggested playbook",
        help_text="What to do about it.", empty_label="None",
    )  # fmt: skip

    def __init__(
        self, *args: Any, measure: Measure, names: Names, params: dict[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.measure, self.names = measure, names
        self.definition: Definition | None = None
        bound = self.data if self.is_bound else None
        self.params_form: Any = measure.form(bound, initial=params, prefix=PREFIX, names=names)
        offered: Any = self.fields["playbook"]
        offered.queryset = Playbook.objects.filter(state=PlaybookState.ACTIVE).order_by("name")
        if measure.when != When.CHOSEN:
            del self.fields["when"]
        shown = ", ".join(f"{{{name}}}: {text}" for name, text in measure.placeholders.items())
        self.fields["explanation"].help_text = f"What people read. You can use {shown}."

    def clean_name(self) -> str:
        """Once among those in use, whatever the case."""
        name = " ".join(self.cleaned_data["name"].split())
        others = Indicator.objects.filter(name__iexact=name, retired_at=None)
        if isinstance(self.subject, Indicator):
            others = others.exclude(pk=self.subject.pk)
        if others.exists():
            raise forms.ValidationError(f"There is an indicator {name} already. Choose another name.")
        return name

    def clean_explanation(self) -> str:
        """Only the measure's placeholders."""
        try:
            return check_template(self.cleaned_data["explanation"], self.measure.placeholders)
        except BadTemplate as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """The definition as a whole."""
        values: dict[str, Any] = super().clean() or {}
        if not self.params_form.is_valid():
            for field, errors in self.params_form.errors.items():
                label = self.params_form.fields[field].label
                self.add_error(None, [f"{label}: {error}" for error in errors])
        elif not {"begins", "ends"} & set(self.errors):
            self._read(values)
        return values

    def _read(self, values: dict[str, Any]) -> None:
        data = {
            "params": self.params_form.params(),
            "when": values.get("when"),
            "begins": values["begins"],
            "ends": values["ends"],
            "stages": values.get("stages"),
            "tenure_days": values.get("tenure_days") or 0,
            "renewal_days": values.get("renewal_days"),
        }
        try:
            self.definition = read_definition(self.measure.name, data, self.names)
        except BadDefinition as error:
            for field, text in error.complaints:
                self.add_error(field if field in self.fields else None, text)

    def values(self) -> dict[str, Any]:
        """What is saved, as the actions take it."""
        taken = ("name", "description", "kind", "severity", "explanation", "cool_down_days", "playbook")
        return {name: self.cleaned_data[name] for name in taken} | {
            "measure": self.measure.name,
            "definition": self.definition,
        }


def initial_of(indicator: Indicator) -> dict[str, Any]:
    """What the form shows of a stored indicator, also of one that cannot be read any more."""
    found = indicator.definition
    return {
        "name": indicator.name,
        "description": indicator.description,
        "kind": indicator.kind,
        "severity": indicator.severity,
        "explanation": indicator.explanation,
        "cool_down_days": indicator.cool_down_days,
        "playbook": indicator.playbook_id,
        **{key: found[key] for key in ("when", "begins", "ends", "stages") if key in found},
        "tenure_days": found.get("tenure_days") or None,
        "renewal_days": found.get("renewal_days"),
    }


def initial_for(measure: Measure) -> dict[str, Any]:
    """Sensible defaults for something new."""
    return {"begins": measure.begins, "ends": measure.ends, "explanation": measure.explanation}
