"""The controls above the curve."""

from typing import Any

from django import forms

from csworkspace.web.widgets import DateInput
from reports.curve.queries import Around
from reports.curve.spec import AGAINST, NOBODY, CurveSpec

ANY = ""


class CurveForm(forms.Form):
    """The day, what it is held against, how accounts count, and of which."""

    on = forms.DateField(label="Day", widget=DateInput, required=False)
    against = forms.ChoiceField(label="Compare with", choices=list(AGAINST.items()), required=False)
    since = forms.DateField(label="Which day", widget=DateInput, required=False)
    by = forms.ChoiceField(
        label="Count by", choices=[("accounts", "Accounts"), ("arr", "ARR")], required=False
    )
    tier = forms.ChoiceField(label="Tier", required=False)
    owner = forms.ChoiceField(label="CSM", required=False)
    segment = forms.ChoiceField(label="Segment", required=False)
    group = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, spec: CurveSpec, around: Around) -> None:
        super().__init__(initial=initial_of(spec), auto_id="curve_%s")
        fields: dict[str, Any] = dict(self.fields)
        fields["tier"].choices = _choices("Any tier", around.tiers, "No tier")
        fields["owner"].choices = _choices("Everybody", around.team, "Nobody")
        fields["segment"].choices = _choices("Any segment", around.segments)
        if spec.against != "date":
            del self.fields["since"]


def initial_of(spec: CurveSpec) -> dict[str, Any]:
    """The view as the controls show it."""
    return {
        "on": spec.on,
        "against": spec.against,
        "since": spec.since or spec.before,
        "by": spec.by,
        **{name: ANY if getattr(spec, name) is None else getattr(spec, name) for name in ("tier", "owner")},
        "segment": spec.segment or ANY,
        "group": spec.group,
    }


def _choices(anything: str, names: dict[int, str], nothing: str = "") -> list[tuple[Any, str]]:
    none = [(NOBODY, nothing)] if nothing else []
    return [(ANY, anything), *names.items(), *none]
