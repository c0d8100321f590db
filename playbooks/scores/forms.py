"""The form of the weights: one row for each component, the bands, and from when on with which reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from csworkspace.web.formats import percent
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput
from playbooks.indicators.measures import measure_named
from playbooks.indicators.models import Indicator
from playbooks.plans.progress import FIRST_DAY
from playbooks.scores.formula import Band
from playbooks.scores.weights import INDICATOR, MATURITY, MOST_WEIGHT, NAMES, PLAN, UPWARD, Component

SCALE = {"required": False, "max_digits": 20, "decimal_places": 6}
BOTH = "Give both, worst and best, or neither."
ALIKE = "Worst and best must differ."


@dataclass
class Seen:
    """The number of the version that the person saw, as `VersionedForm` takes it."""

    version: int


@dataclass(frozen=True)
class Row:
    """A component's line of the form."""

    name: str
    kind: str
    weight: BoundField
    worst: BoundField | None = None
    best: BoundField | None = None
    up: BoundField | None = None
    part: str = ""
    unit: str = ""


class DayForm(forms.Form):
    """The day whose score is shown."""

    on = forms.DateField(label="Day", widget=DateInput)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_on(self) -> date:
        """Not a day to come, and none that nobody can mean."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError("That day is yet to come.")
        if day < FIRST_DAY:
            raise forms.ValidationError("Check the year of the day.")
        return day


class WeightsForm(VersionedForm):
    """Weights from 0 (does not count) on; an indicator's scale; where bands begin."""

    reason = forms.CharField(
        max_length=300,
        help_text="Needed to save, not to preview. "
        "Everybody sees it beside the scores that these weights make.",
    )
    since = forms.DateField(label="Takes over on", widget=DateInput)

    def __init__(
        self,
        *args: Any,
        indicators: Sequence[Indicator],
        components: Iterable[Component],
        bands: Sequence[Band],
        today: date,
        number: int,
        **options: Any,
    ) -> None:
        super().__init__(*args, subject=Seen(number), initial={"since": today}, **options)
        self.indicators, self.today, self.old_bands = list(indicators), today, list(bands)
        self.known = {item.key: item for item in components}
        for key, name in self.named():
            self._add_weight(key, name)
            if key not in NAMES:
                self._add_scale(key, name)
        for at, band in enumerate(bands):
            self._add_band(at, band)

    def named(self) -> list[tuple[str, str]]:
        """The key and name of every component that may have a weight."""
        own = [(f"{INDICATOR} {item.pk}", item.name) for item in self.indicators]
        return [(PLAN, NAMES[PLAN]), (MATURITY, NAMES[MATURITY]), *own]

    def _add_weight(self, key: str, name: str) -> None:
        known = self.known.get(key)
        self.fields[f"weight {key}"] = forms.DecimalField(
            label=f"Weight of {name}",
            min_value=0,
            max_value=MOST_WEIGHT,
            decimal_places=2,
            initial=f"{known.weight.normalize():f}" if known else 0,
        )

    def _add_scale(self, key: str, name: str) -> None:
        known = self.known.get(key) or Component(INDICATOR, Decimal(0))
        for end, value in (("worst", known.worst), ("best", known.best)):
            self.fields[f"{end} {key}"] = forms.DecimalField(
                label=f"{end.title()} value of {name}",
                initial=None if value is None else f"{value.normalize():f}",
                **SCALE,  # type: ignore[arg-type]
            )
        kind = next(item.kind for item in self.indicators if f"{INDICATOR} {item.pk}" == key)
        initial = known.up if known.weight else kind in UPWARD
        self.fields[f"up {key}"] = forms.BooleanField(
            label=f"{name} is good when it holds", required=False, initial=initial
        )

    def _add_band(self, at: int, band: Band) -> None:
        self.fields[f"band {at}"] = forms.CharField(
            label=f"Name of band {at + 1}", max_length=24, initial=band.name
        )
        if at:
            self.fields[f"from {at}"] = forms.IntegerField(
                label=f"Band {at + 1} begins at", min_value=1, max_value=100, initial=int(band.start)
            )

    def rows(self) -> list[Row]:
        """The components' lines, in their order."""
        own = {f"{INDICATOR} {item.pk}": item for item in self.indicators}
        found = []
        for key, name in self.named():
            row = Row(name, "", self[f"weight {key}"], part=self._part(key))
            if key in own:
                worst, best, up = (self[f"{part} {key}"] for part in ("worst", "best", "up"))
                measure = measure_named(own[key].measure)
                row = replace(row, kind=own[key].get_kind_display(), worst=worst, best=best, up=up)
                row = replace(row, unit=measure.unit if measure else "")
            found.append(row)
        return found

    def _part(self, key: str) -> str:
        """The part of all weights, as they are saved."""
        whole = sum((item.weight for item in self.known.values()), Decimal(0))
        return percent(self.known[key].weight / whole) if key in self.known and whole else ""

    def undecided(self) -> list[str]:
        """The indicators that warn and weigh nothing: they are part of no score yet."""
        warning = [item for item in self.indicators if item.kind not in UPWARD]
        return [item.name for item in warning if f"{INDICATOR} {item.pk}" not in self.known]

    def band_rows(self) -> list[dict[str, Any]]:
        """The bands' lines: name, where it begins (not of the first), sign."""
        return [
            {"name": self[f"band {at}"], "start": self[f"from {at}"] if at else None, "band": band}
            for at, band in enumerate(self.old_bands)
        ]

    def clean(self) -> dict[str, Any]:
        """Whole scales, and bands that rise."""
        data = super().clean() or {}
        for key, _ in self.named():
            worst, best = data.get(f"worst {key}"), data.get(f"best {key}")
            if (worst is None) != (best is None):
                self.add_error(f"best {key}" if best is None else f"worst {key}", BOTH)
            elif worst is not None and worst == best:
                self.add_error(f"best {key}", ALIKE)
        names = [f"from {at}" for at in range(1, len(self.old_bands))]
        starts = [int(data[name]) for name in names if data.get(name) is not None]
        if len(starts) == len(names) and starts != sorted(set(starts)):
            self.add_error(names[-1], "Each band must begin above the one before it.")
        return data

    def clean_since(self) -> date:
        """Today at the earliest: the past stays as it was kept."""
        day: date = self.cleaned_data["since"]
        if day < self.today:
            raise forms.ValidationError("Choose today or a later day; scores of the past stay as they are.")
        return day

    @property
    def components(self) -> list[Component]:
        """What was entered, the components with a weight; only of a valid form."""
        data, found = self.cleaned_data, []
        for key, _ in self.named():
            kind, _, pk = key.partition(" ")
            found.append(
                Component(
                    kind,
                    data[f"weight {key}"],
                    int(pk) if pk else None,
                    data.get(f"worst {key}"),
                    data.get(f"best {key}"),
                    bool(data.get(f"up {key}")),
                )
            )
        return [item for item in found if item.weight > 0]

    @property
    def bands(self) -> list[Band]:
        """The bands as entered; only of a valid form."""
        data = self.cleaned_data
        return [
            replace(band, name=data[f"band {at}"], start=Decimal(data[f"from {at}"] if at else 0))
            for at, band in enumerate(self.old_bands)
        ]
