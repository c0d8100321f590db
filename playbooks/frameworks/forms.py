"""Forms of the framework editor and of answers."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.metrics.models import Metric
from playbooks.frameworks.models import Behaviour, Comparison, Evidence

MOST_FEATURES = 50


def lines(rows: int) -> forms.Textarea:
    """A text area of some rows."""
    return forms.Textarea(attrs={"rows": rows})


def one_line(text: str) -> str:
    """Text without line breaks and doubled spaces."""
    return " ".join(text.split())


class HeadForm(forms.Form):
    """A framework's name and what it is about."""

    name = forms.CharField(max_length=120, help_text="For example: Adoption maturity.")
    description = forms.CharField(
        max_length=500,
        required=False,
        widget=lines(3),
        help_text="What a higher level means for the customer.",
    )

    def clean_name(self) -> str:
        """The name on one line."""
        return one_line(self.cleaned_data["name"])


class LevelForm(forms.Form):
    """A level."""

    name = forms.CharField(max_length=60, help_text="One or two words: Activated, Regular, Embedded.")
    description = forms.CharField(
        max_length=500, required=False, widget=lines(3), help_text="What is true of a customer at this level."
    )

    def clean_name(self) -> str:
        """The name on one line."""
        return one_line(self.cleaned_data["name"])


class BehaviourForm(forms.Form):
    """A behaviour and its evidence; `cleaned_data` has the arguments of the actions."""

    name = forms.CharField(max_length=120, help_text="What the customer does: Comes back every week.")
    description = forms.CharField(max_length=500, required=False, widget=lines(2))
    evidence = forms.ChoiceField(
        choices=Evidence.choices,
        initial=Evidence.FEATURE,
        widget=forms.RadioSelect,
        label="What shows that it holds?",
    )
    features = forms.CharField(
        required=False,
        max_length=10_000,
        widget=lines(3),
        help_text="One a line: an exact name, or a prefix ending in “.*”. “*” alone means any feature.",
    )
    uses = forms.IntegerField(
        required=False,
        initial=1,
        min_value=1,
        max_value=1_000_000,
        label="At least this many uses",
    )
    window_days = forms.IntegerField(
        required=False, initial=28, min_value=1, max_value=365, label="Within this many days"
    )
    metric = forms.ModelChoiceField(
        Metric.objects.none(), required=False, empty_label="Choose a metric", label="Metric"
    )
    comparison = forms.ChoiceField(choices=Comparison.choices, required=False, label="Must be")
    threshold = forms.DecimalField(required=False, max_digits=20, decimal_places=6, label="This value")
    question = forms.CharField(
        required=False,
        max_length=300,
        widget=lines(2),
        help_text="A question that yes or no answers; yes means that the behaviour holds.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["metric"].queryset = Metric.objects.filter(retired_at=None).order_by("name")  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """The name on one line."""
        return one_line(self.cleaned_data["name"])

    def clean_features(self) -> list[str]:
        """The names, once each, in the order typed."""
        names = list(
            dict.fromkeys(
                name for line in self.cleaned_data["features"].splitlines() if (name := line.strip())
            )
        )
        if len(names) > MOST_FEATURES:
            raise forms.ValidationError(f"Name at most {MOST_FEATURES} features, or use a prefix.")
        for name in names:
            if (
                len(name) > 200
                or ("*" in name and name != "*" and not name.endswith(".*"))
                or name.count("*") > 1
            ):
                raise forms.ValidationError(
                    f"“{name[:60]}” is not a feature's name: write it exactly, or a prefix ending in “.*”."
                )
        return names

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind of evidence needs, and leave the rest at its defaults."""
        values: dict[str, Any] = super().clean() or {}
        check = {
            Evidence.FEATURE: self._need_features,
            Evidence.METRIC: self._need_metric,
            Evidence.ANSWER: self._need_question,
        }
        evidence = values.get("evidence")
        return check[Evidence(evidence)](values) if evidence else values

    def _need(self, field: str, values: dict[str, Any], message: str) -> None:
        if values.get(field) in (None, "", []) and field not in self.errors:
            self.add_error(field, message)

    def _terms(self, values: dict[str, Any], **terms: Any) -> dict[str, Any]:
        defaults = {
            "features": [],
            "window_days": 28,
            "metric": None,
            "comparison": Comparison.AT_LEAST,
            "threshold": Decimal(1),
            "question": "",
        }
        head = {name: values.get(name, "") for name in ("name", "description", "evidence")}
        return {**head, **defaults, **terms}

    def _need_features(self, values: dict[str, Any]) -> dict[str, Any]:
        self._need("features", values, "Name at least one feature, or write * for any.")
        self._need("uses", values, "Say how many uses it takes.")
        self._need("window_days", values, "Say within how many days.")
        return self._terms(
            values,
            features=values.get("features", []),
            threshold=Decimal(values.get("uses") or 1),
            window_days=values.get("window_days") or 28,
        )

    def _need_metric(self, values: dict[str, Any]) -> dict[str, Any]:
        self._need("metric", values, "Choose the metric that shows it.")
        self._need("threshold", values, "Say which value it must reach.")
        return self._terms(
            values,
            metric=values.get("metric"),
            comparison=values.get("comparison") or Comparison.AT_LEAST,
            threshold=values.get("threshold"),
        )

    def _need_question(self, values: dict[str, Any]) -> dict[str, Any]:
        self._need("question", values, "Write the question that is asked.")
        return self._terms(values, question=one_line(values.get("question", "")))


def initial_of(behaviour: Behaviour) -> dict[str, Any]:
    """What the form shows of a behaviour."""
    plain = ("name", "description", "evidence", "window_days", "metric", "comparison", "question")
    values = {name: getattr(behaviour, name) for name in plain}
    number = behaviour.threshold.normalize()
    return {
        **values,
        "features": "\n".join(behaviour.features),
        "uses": int(number) if behaviour.evidence == Evidence.FEATURE else 1,
        "threshold": f"{number:f}" if behaviour.evidence == Evidence.METRIC else None,
    }


class AnswerForm(forms.Form):
    """Yes or no, and why."""

    holds = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "Answer yes or no.", "invalid_choice": "Answer yes or no."},
    )
    note = forms.CharField(max_length=500, required=False)
