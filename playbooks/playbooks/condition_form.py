"""The fields of a condition: a part of every form that asks for one (branches, waits, success)."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.accounts.models import Stage
from playbooks.playbooks import conditions
from playbooks.playbooks.names import Names, choices_of

YES_NO = [("yes", "Yes"), ("no", "No")]
Earlier = conditions.Earlier


def condition_fields(
    names: Names, earlier: Earlier, kinds: list[str] | None = None, stored: Any = None
) -> dict[str, forms.Field]:
    """The fields, by name; `stored` keeps what it names selectable although it is retired."""
    allowed = [kind for kind in conditions.KINDS if kind in (kinds or conditions.KINDS)]
    if not earlier and "outcome" in allowed:
        allowed.remove("outcome")
    kept = stored if isinstance(stored, dict) else {}
    results = [
        (f"{key}:{value}", f"“{title}” ended with “{label}”")
        for key, (title, outcomes) in earlier.items()
        for value, label in outcomes
    ]
    return {
        "look_at": _select("What is looked at", [(kind, conditions.KINDS[kind]) for kind in allowed]),
        "look_result": _select("Result of an earlier step", results),
        "look_indicator": _select("Indicator", choices_of(names.indicators, kept.get("indicator"))),
        "look_metric": _select("Metric", choices_of(names.metrics, kept.get("metric"))),
        "look_op": _select("Is", list(conditions.OPERATORS.items())),
        "look_value": forms.CharField(
            label="Number", required=False, max_length=24, help_text="For a metric, such as 25 or 0.5."
        ),
        "look_segment": _select("Segment", choices_of(names.segments, kept.get("segment"))),
        "look_stages": forms.MultipleChoiceField(
            label="Stages",
            required=False,
            choices=Stage.choices,
            widget=forms.CheckboxSelectMultiple,
        ),
        "look_wanted": forms.ChoiceField(
            label="Holds, or is inside",
            required=False,
            choices=YES_NO,
            help_text="For an indicator or a segment: yes, or no for the opposite.",
        ),
    }


def _select(label: str, choices: list[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *choices])


def shown_condition(stored: Any) -> dict[str, Any]:
    """A stored condition as the fields show it."""
    data = stored if isinstance(stored, dict) else {}
    wanted = data.get("holds", data.get("inside", True))
    return {
        "look_at": data.get("kind", ""),
        "look_result": f"{data.get('step', '')}:{data.get('is', '')}",
        "look_indicator": data.get("indicator", ""),
        "look_metric": data.get("metric", ""),
        "look_op": data.get("op", "gte"),
        "look_value": data.get("value", ""),
        "look_segment": data.get("segment", ""),
        "look_stages": data.get("in", []),
        "look_wanted": "yes" if wanted else "no",
    }


def condition_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields say, {} if nothing is chosen. Raises BadCondition; its field is one of the form."""
    kind = values.get("look_at", "")
    if not kind:
        return {}
    wanted = values.get("look_wanted") != "no"
    step, _, result = str(values.get("look_result", "")).partition(":")
    rest: dict[str, dict[str, Any]] = {
        "outcome": {"step": step, "is": result},
        "signal": {"is": "resolved"},
        "indicator": {"indicator": _int(values.get("look_indicator")), "holds": wanted},
        "metric": {
            "metric": _int(values.get("look_metric")),
            "op": values.get("look_op"),
            "value": values.get("look_value"),
        },
        "segment": {"segment": _int(values.get("look_segment")), "inside": wanted},
        "stage": {"in": list(values.get("look_stages") or [])},
    }
    try:
        return conditions.as_json(conditions.read_condition({"kind": kind, **rest[kind]}))
    except conditions.BadCondition as error:
        raise conditions.BadCondition(str(error), FIELDS.get(error.field, "look_at")) from None


FIELDS = {
    "step": "look_result",
    "is": "look_result",
    "indicator": "look_indicator",
    "metric": "look_metric",
    "op": "look_op",
    "value": "look_value",
    "segment": "look_segment",
    "in": "look_stages",
}


def _int(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() and len(str(value)) < 19 else None


class ConditionMixin(forms.Form):
    """A form with the fields of one condition; `condition()` is what they say, {} without one.

    Call `add_condition(names, earlier)` at the end of `__init__`, once `initial` may be extended.
    """

    needs_condition = True

    def add_condition(
        self, names: Names, earlier: Earlier, *, stored: Any = None, kinds: list[str] | None = None
    ) -> None:
        """Add the fields, filled with the stored condition."""
        self.fields.update(condition_fields(names, earlier, kinds, stored))
        self.initial = {**shown_condition(stored), **self.initial}

    def clean(self) -> dict[str, Any]:
        """Complain at the field that is wrong."""
        values: dict[str, Any] = super().clean() or {}
        try:
            self._condition = condition_of(values)
        except conditions.BadCondition as error:
            self._condition = {}
            self.add_error(error.field if error.field in self.fields else None, str(error))
            return values
        if self.needs_condition and not self._condition and "look_at" not in self.errors:
            self.add_error("look_at", "Choose what is looked at.")
        return values

    def condition(self) -> dict[str, Any]:
        """The condition in the form in which it is stored."""
        return self._condition
