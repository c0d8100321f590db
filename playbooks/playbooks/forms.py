"""The forms of playbooks: head and limits, trigger, audience, success measure, steps, publishing, import."""

from typing import Any

from django import forms

from accounts.accounts.models import Stage
from csworkspace.web.versions import VersionedForm
from playbooks.indicators.models import Severity, SignalKind
from playbooks.playbooks.condition_form import ConditionMixin
from playbooks.playbooks.dates import ATTRIBUTE, DATES, NAMELESS
from playbooks.playbooks.definition import MOST_DAYS
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Names, choices_of
from playbooks.playbooks.shapes import Audience, Success, Trigger
from playbooks.playbooks.steps import Around, StepForm

BOXES = forms.CheckboxSelectMultiple


class HeadForm(VersionedForm):
    """Name, purpose, and the limits that hold for every version."""

    name = forms.CharField(max_length=120, help_text="What people call it, such as “Adoption drop”.")
    purpose = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What it is for, in a sentence or two.",
    )
    rest_days = forms.IntegerField(
        label="Rest, in days",
        min_value=0,
        max_value=MOST_DAYS,
        initial=30,
        help_text="After a play has ended, its trigger starts no other on the account for so long.",
    )
    daily_limit = forms.IntegerField(
        label="Most starts a day",
        min_value=1,
        max_value=10_000,
        initial=200,
        help_text="Its trigger starts no more plays than this on one day; the rest follows on the next days.",
    )
    is_parallel = forms.BooleanField(
        label="Several plays may run on an account at the same time", required=False
    )

    def clean_name(self) -> str:
        """Once in the workspace, whatever the case."""
        name = " ".join(self.cleaned_data["name"].split())
        others = Playbook.objects.filter(name__iexact=name)
        if isinstance(self.subject, Playbook):
            others = others.exclude(pk=self.subject.pk)
        if others.exists():
            raise forms.ValidationError(f"There is a playbook {name} already. Choose another name.")
        return name


class NewForm(HeadForm):
    """A new playbook needs no more than a name; the limits can be set later."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("rest_days", "daily_limit", "is_parallel"):
            del self.fields[name]


def number(value: str) -> int | str:
    """An id that was chosen from a list; "" stays."""
    return int(value) if value else ""


class TriggerForm(forms.Form):
    """The fields of one kind of trigger; `trigger` is what they say."""

    def __init__(self, *args: Any, kind: str, names: Names, stored: Trigger, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.stored = kind, stored
        self.fields.update(TRIGGER_FIELDS[kind](names, stored) if kind in TRIGGER_FIELDS else {})

    def clean(self) -> dict[str, Any]:
        """A date among the attributes has a name."""
        values = super().clean() or self.cleaned_data
        if values.get("date") == ATTRIBUTE and not values.get("attribute"):
            self.add_error("attribute", NAMELESS)
        return values

    def trigger(self) -> dict[str, Any]:
        """The trigger in the form in which it is stored."""
        values = dict(self.cleaned_data)
        if self.kind == "date":
            if values["date"] != ATTRIBUTE:
                del values["attribute"]
            values["days"] = values.pop("days") * (-1 if values.pop("side") == "before" else 1)
        return {"kind": self.kind, **values}


def _many(label: str, choices: Any, initial: Any, help_text: str = "", required: bool = False) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=choices,
        coerce=int if choices and isinstance(choices[0][0], int) else str,
        widget=BOXES,
        required=required,
        initial=list(initial),
        help_text=help_text,
    )


def _signal_fields(names: Names, stored: Trigger) -> dict[str, forms.Field]:
    indicators = [(pk, one.label) for pk, one in names.indicators.items() if not one.problem]
    return {
        "indicators": _many("Indicators", indicators, stored.indicators, "None chosen: any of them."),
        "signal_kinds": _many(
            "Kinds of signal", SignalKind.choices, stored.signal_kinds, "None chosen: any kind."
        ),
        "severity": forms.TypedChoiceField(
            label="From which severity on", choices=Severity.choices, coerce=int, initial=stored.severity
        ),
    }


def _stage_fields(names: Names, stored: Trigger) -> dict[str, forms.Field]:
    error = {"required": "Choose at least one stage."}
    field = _many("When the stage changes to", Stage.choices, stored.stages, required=True)
    field.error_messages.update(error)
    return {"to": field}


def _tier_fields(names: Names, stored: Trigger) -> dict[str, forms.Field]:
    tiers = choices_of(names.tiers)
    return {"to": _many("When the tier changes to", tiers, stored.tiers, "None chosen: any tier.")}


def _segment_fields(names: Names, stored: Trigger) -> dict[str, forms.Field]:
    return {
        "segment": forms.TypedChoiceField(
            label="Segment",
            choices=[("", "–"), *choices_of(names.segments, stored.segment)],
            coerce=number,
            initial=stored.segment or "",
            error_messages={"required": "Choose the segment."},
        ),
        "move": forms.ChoiceField(
            label="When an account",
            choices=[("enter", "enters it"), ("leave", "leaves it")],
            initial=stored.move,
        ),
    }


def _date_fields(names: Names, stored: Trigger) -> dict[str, forms.Field]:
    return {
        "days": forms.IntegerField(
            label="Days", min_value=0, max_value=MOST_DAYS, initial=abs(stored.days) if stored.date else 120
        ),
        "side": forms.ChoiceField(
            label="Before or after",
            choices=[("before", "before"), ("after", "after")],
            initial="after" if stored.days > 0 else "before",
        ),
        "date": forms.ChoiceField(
            label="Date", choices=[(name, one.words) for name, one in DATES.items()], initial=stored.date
        ),
        "attribute": forms.CharField(
            label="Attribute",
            required=False,
            max_length=60,
            initial=stored.attribute,
            help_text="For a date among the attributes: its name, such as contract_end.",
        ),
    }


TRIGGER_FIELDS = {
    "signal": _signal_fields,
    "stage": _stage_fields,
    "tier": _tier_fields,
    "segment": _segment_fields,
    "date": _date_fields,
}


class AudienceForm(forms.Form):
    """Which accounts it is for; everything chosen must fit."""

    def __init__(self, *args: Any, names: Names, stored: Audience, **options: Any) -> None:
        super().__init__(*args, **options)
        segments = [("", "All accounts"), *choices_of(names.segments, stored.segment)]
        self.fields["segment"] = forms.TypedChoiceField(
            label="Segment",
            choices=segments,
            coerce=number,
            empty_value=None,
            required=False,
            initial=stored.segment or "",
        )
        self.fields["stages"] = _many(
            "Stages", Stage.choices, stored.stages, "None chosen: every stage but churned."
        )
        self.fields["tiers"] = _many(
            "Tiers",
            choices_of(names.tiers),
            stored.tiers,
            "None chosen: every tier, and accounts without one.",
        )

    def audience(self) -> dict[str, Any]:
        """The audience in the form in which it is stored."""
        return dict(self.cleaned_data)


class SuccessForm(ConditionMixin, StepForm):
    """What is to be reached, and within how many days."""

    words = forms.CharField(
        label="In your words",
        max_length=300,
        required=False,
        help_text="What success looks like, as you would say it to a colleague.",
    )
    window_days = forms.IntegerField(
        label="Within how many days of the start", min_value=1, max_value=MOST_DAYS, initial=60
    )

    def __init__(self, *args: Any, stored: Success, condition: Any, **options: Any) -> None:
        initial = {"words": stored.words, "window_days": stored.window_days, "condition": condition}
        super().__init__(*args, initial=initial, **options)
        self.add_condition(Names(), self.around.earlier, stored=condition)

    def success(self) -> dict[str, Any]:
        """The measure in the form in which it is stored."""
        own = {name: self.cleaned_data[name] for name in ("words", "window_days")}
        return {**own, "condition": self.condition()}


class StepHeadForm(forms.Form):
    """What every step has: its name, and where it leads."""

    step_title = forms.CharField(
        label="Name of the step",
        max_length=200,
        required=False,
        help_text="Without one it is named by itself.",
    )
    then = forms.ChoiceField(label="Then", required=False)

    def __init__(self, *args: Any, around: Around, titled: bool, branches: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["then"].choices = list(around.later)  # type: ignore[attr-defined]
        stored = self.initial.get("then")
        if stored and stored not in dict(around.later):
            self.initial["then"] = ""
        if titled:
            del self.fields["step_title"]
        if branches:
            del self.fields["then"]


class PublishForm(VersionedForm):
    """What has changed, for those who read it later; the first version may begin paused."""

    change_note = forms.CharField(
        label="What has changed, and why",
        max_length=300,
        help_text="Colleagues read it in the list of versions.",
    )
    paused = forms.BooleanField(label="Keep it paused for now: its trigger starts nothing", required=False)

    def __init__(self, *args: Any, first: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if first:
            self.fields["change_note"].required = False
            self.fields["change_note"].label = "A note on this version"
        else:
            del self.fields["paused"]


class ImportForm(forms.Form):
    """A file that was exported from a playbook, here or elsewhere."""

    file = forms.FileField(
        label="Definition of a playbook (JSON)",
        help_text="As “Export” on a playbook's page writes it. You look at the draft before it is published.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
