"""The forms of measures' parameters. Cleaned values are JSON: ids and numbers, texts, lists of texts."""

import re
from typing import Any

from django import forms

from accounts.contacts.models import ContactRole
from accounts.incidents.models import IncidentImpact
from accounts.news.models import NewsKind
from playbooks.indicators.naming import Names

FEATURE = re.compile(r"[^\s,;\x00]{1,200}")
MOST_FEATURES = 20
YEAR = 366


class MeasureForm(forms.Form):
    """A form of parameters; `names` are what it offers to choose from."""

    def __init__(self, *args: Any, names: Names, **options: Any) -> None:
        super().__init__(*args, **options)
        self.names = names
        self.offer()

    def offer(self) -> None:
        """Fill the choices."""

    def params(self) -> dict[str, Any]:
        """The parameters as they are stored, after the form was found valid."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


def days_field(initial: int, label: str, help_text: str = "", most: int = YEAR) -> forms.IntegerField:
    """A number of days."""
    return forms.IntegerField(min_value=1, max_value=most, initial=initial, label=label, help_text=help_text)


def boxes(choices: Any, initial: list[str], label: str, help_text: str = "") -> forms.MultipleChoiceField:
    """Check boxes of which at least one is needed."""
    return forms.MultipleChoiceField(
        choices=choices,
        initial=initial,
        label=label,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )


class MetricForm(MeasureForm):
    """Measures that are about one metric."""

    metric = forms.TypedChoiceField(coerce=int, label="Metric", help_text="Any metric of the catalogue.")

    def offer(self) -> None:
        """The metrics in use."""
        found = [(pk, metric.name) for pk, metric in self.names.metrics.items() if not metric.retired_at]
        self.metric_choices = found
        field: Any = self.fields["metric"]
        field.choices = [("", "Choose a metric"), *found]


class ChangeForm(MetricForm):
    """A metric against its own past."""

    direction = forms.ChoiceField(choices=[("fell", "It fell"), ("rose", "It rose")], label="Change")
    recent = forms.IntegerField(
        min_value=1, max_value=12, initial=1, label="Recent windows",
        help_text="How many of the metric’s own windows count as now; 1 window of 28 days is 4 weeks.",
    )  # fmt: skip
    past = forms.IntegerField(
        min_value=1, max_value=24, initial=3, label="Windows before",
        help_text="Their average is the past: 3 windows of 28 days are the 12 weeks before.",
    )  # fmt: skip
    base = forms.DecimalField(
        min_value=0, max_value=10**9, initial=5, label="Smallest past that counts", max_digits=16,
        decimal_places=6,
        help_text="Below it a percentage says nothing: from 2 people to 1 is no fall by half.",
    )  # fmt: skip

    def params(self) -> dict[str, Any]:
        """Numbers as text, so that nothing is lost in JSON."""
        return {**super().params(), "base": f"{self.cleaned_data['base'].normalize():f}"}


PEERS = (("tier", "Accounts of the same tier"), ("all", "All accounts"))


class PeersForm(MetricForm):
    """A metric against like accounts."""

    peers = forms.ChoiceField(label="Peers", help_text="At least 5 others with a value are needed.")
    how = forms.ChoiceField(
        choices=[("ratio", "Percent of the peers’ median"), ("rank", "Percentile among the peers")],
        label="Compared as",
        help_text="A high percentile is always good, also of a metric where lower is better.",
    )

    def offer(self) -> None:
        """The segments too."""
        super().offer()
        found = [(f"segment {pk}", f"Segment: {name}") for pk, name in self.names.segments.items()]
        field: Any = self.fields["peers"]
        field.choices = [*PEERS, *found]


class ShareForm(MetricForm):
    """A metric as a share of something else."""

    of_metric = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label="Share of the metric"
    )
    attribute = forms.CharField(
        max_length=100, required=False, label="Or of the account’s attribute",
        help_text="The key of a number among the account’s attributes, such as seats.",
    )  # fmt: skip

    def offer(self) -> None:
        """The same metrics on the other side."""
        super().offer()
        field: Any = self.fields["of_metric"]
        field.choices = [("", "None"), *self.metric_choices]

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        values: dict[str, Any] = super().clean() or {}
        if bool(values.get("of_metric")) == bool(values.get("attribute")):
            self.add_error("of_metric", "Choose a metric, or name an attribute: one of the two.")
        elif values.get("of_metric") and values.get("of_metric") == values.get("metric"):
            self.add_error("of_metric", "Choose another metric: of itself it is always 100%.")
        return values


class PlanForm(MetricForm):
    """The gap of the active plan's targets."""

    days = forms.IntegerField(
        min_value=0, max_value=180, initial=0, label="For how many days",
        help_text="0: today is enough. Else it is also looked at every 7 days back, and the best counts.",
    )  # fmt: skip

    def offer(self) -> None:
        """Any target, or those of one metric."""
        super().offer()
        field: Any = self.fields["metric"]
        field.required, field.empty_value, field.label = False, None, "Target"
        field.help_text = "The worst of all targets, or the one of a metric."
        field.choices = [("", "The worst of all targets"), *self.metric_choices]


class BehaviourForm(MeasureForm):
    """A behaviour of the active framework; `any_label` offers all of them."""

    any_label = ""
    behaviour = forms.ChoiceField(label="Behaviour")

    def offer(self) -> None:
        """The behaviours, lowest level first."""
        first = ("", self.any_label or "Choose a behaviour")
        field: Any = self.fields["behaviour"]
        field.choices = [first, *self.names.behaviours.items()]
        field.required = not self.any_label


class LostForm(BehaviourForm):
    """Lost behaviours."""

    any_label = "Any behaviour"
    days = days_field(28, "Lost within", "Days. Later it is no news any more.")


def read_features(text: str) -> list[str]:
    """Names, one a line or between commas. Raises ValidationError."""
    found = list(dict.fromkeys(FEATURE.findall(text)))
    if len(found) > MOST_FEATURES:
        raise forms.ValidationError(f"Name at most {MOST_FEATURES} features.")
    return found


class FeaturesField(forms.CharField):
    """Feature names and prefixes that end in ".*", as a list."""

    def prepare_value(self, value: Any) -> Any:
        """A stored list, one a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read."""
        return read_features("\n".join(map(str, value)) if isinstance(value, list) else str(value or ""))

    def run_validators(self, value: Any) -> None:
        """The names are checked when they are read."""


FEATURES_HELP = "One a line; a name that ends in .* stands for all that begin so."


class BreadthForm(MeasureForm):
    """Distinct features."""

    features = FeaturesField(
        required=False, widget=forms.Textarea(attrs={"rows": 2}), label="Features",
        help_text=f"{FEATURES_HELP} None: all.",
    )  # fmt: skip
    window = days_field(28, "Window", "Days that count as now; the windows before are as long.", 92)
    past = forms.IntegerField(min_value=1, max_value=12, initial=3, label="Windows before")
    base = forms.IntegerField(
        min_value=1, max_value=1000, initial=3, label="Smallest past that counts",
        help_text="Features that were used on average before.",
    )  # fmt: skip


class UseForm(MeasureForm):
    """Uses of some features."""

    features = FeaturesField(
        widget=forms.Textarea(attrs={"rows": 2}), initial=["paywall.*"], label="Features",
        help_text=FEATURES_HELP,
    )  # fmt: skip
    days = days_field(14, "Within the last", "Days.", 92)

    def clean_features(self) -> list[str]:
        """At least one."""
        if not self.cleaned_data["features"]:
            raise forms.ValidationError("Name at least one feature.")
        found: list[str] = self.cleaned_data["features"]
        return found


ROLES = [(value, label) for value, label in ContactRole.choices if value != ContactRole.BILLING]
KEY_ROLES = ["champion", "sponsor", "admin"]


class RolesForm(MeasureForm):
    """Contacts of some roles."""

    roles = boxes(ROLES, KEY_ROLES[:2], "Contacts who are")


class SilentForm(RolesForm):
    """Contacts who used the product and do not any more."""

    roles = boxes(ROLES, KEY_ROLES, "Contacts who are")
    active_days = forms.IntegerField(
        min_value=1, max_value=60, initial=5, label="Active before on at least",
        help_text="Days of the year before they were last seen; who was hardly there is not missed.",
    )  # fmt: skip


class LeftForm(RolesForm):
    """Contacts who left."""

    roles = boxes(ROLES, KEY_ROLES, "Contacts who were")
    days = days_field(60, "Left within", "Days.")


class RecommendationForm(MeasureForm):
    """Recommendations without an answer."""

    accepted = forms.BooleanField(
        required=False, initial=True, label="Also those that were accepted and not taken up"
    )


class IncidentForm(MeasureForm):
    """Incidents that people of the account met."""

    impacts = boxes(IncidentImpact.choices, ["major", "outage"], "Incidents with impact")
    days = days_field(14, "Going on within the last", "Days.", 180)


class PortalForm(MeasureForm):
    """What the customer has not looked into."""

    what = forms.ChoiceField(
        choices=[("portal", "The portal"), ("report", "The newest issued report")], label="Not looked into"
    )


class WithinForm(MeasureForm):
    """Something within some days."""

    days = days_field(60, "Within the last", "Days.")


class NewsForm(WithinForm):
    """News of some kinds."""

    kinds = boxes(NewsKind.choices, ["funding", "growth"], "News about")
    field_order = ["kinds", "days"]
