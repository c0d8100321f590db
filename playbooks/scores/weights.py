"""What a version of the weights says: its components and bands, read from JSON and written to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from playbooks.indicators.models import Indicator, SignalKind
from playbooks.scores.formula import DEFAULT_BANDS, STATUSES, Band

PLAN, MATURITY, INDICATOR = "plan", "maturity", "indicator"
NAMES = {PLAN: "Plan progress", MATURITY: "Maturity"}
# What counts upward if somebody gives it a weight; by default only what warns has one.
UPWARD = (SignalKind.OPPORTUNITY, SignalKind.BUYING, SignalKind.MILESTONE)
BY_SEVERITY = {1: Decimal(5), 2: Decimal(10), 3: Decimal(15)}
PLAN_WEIGHT, MATURITY_WEIGHT = Decimal(30), Decimal(20)
MOST_WEIGHT = Decimal(1000)


@dataclass(frozen=True)
class Component:
    """One component of the score: its kind, weight and, of an indicator, which one and on what scale.

    worst and best: the values that earn nothing and everything; None: whether it holds decides.
    up: whether holding is good.
    """

    kind: str
    weight: Decimal
    indicator: int | None = None
    worst: Decimal | None = None
    best: Decimal | None = None
    up: bool = False

    @property
    def key(self) -> str:
        """Its name among the components: "plan", "maturity", "indicator 12"."""
        return self.kind if self.indicator is None else f"{self.kind} {self.indicator}"

    @property
    def scale(self) -> tuple[Decimal | None, Decimal | None, bool]:
        """How a value becomes a share: shares on different scales cannot be compared."""
        return self.worst, self.best, self.up


def read_components(stored: Iterable[dict[str, Any]]) -> list[Component]:
    """The components of a `ScoreModel.components`, those with a weight."""
    found = [
        Component(
            kind=str(item["kind"]),
            weight=_decimal(item.get("weight")) or Decimal(0),
            indicator=item.get("indicator"),
            worst=_decimal(item.get("worst")),
            best=_decimal(item.get("best")),
            up=bool(item.get("up")),
        )
        for item in stored
    ]
    return [component for component in found if component.weight > 0]


def write_components(components: Iterable[Component]) -> list[dict[str, Any]]:
    """The components as JSON; what is not given is left out."""
    return [
        {
            name: value
            for name, value in {
                "kind": item.kind,
                "indicator": item.indicator,
                "weight": _text(item.weight),
                "worst": _text(item.worst),
                "best": _text(item.best),
                "up": item.up or None,
            }.items()
            if value is not None
        }
        for item in components
    ]


def read_bands(stored: Sequence[dict[str, Any]]) -> list[Band]:
    """The four bands of a `ScoreModel.bands`, the lowest first."""
    usual = [{"name": name, "from": start} for name, start in DEFAULT_BANDS]
    given = list(stored) if len(stored) == len(STATUSES) else usual
    return [
        Band(str(item["name"]), Decimal(str(item["from"])), status)
        for item, status in zip(given, STATUSES, strict=True)
    ]


def write_bands(bands: Iterable[Band]) -> list[dict[str, Any]]:
    """Bands as JSON."""
    return [{"name": band.name, "from": _text(band.start)} for band in bands]


def default_components(indicators: Iterable[Indicator]) -> list[Component]:
    """Weights from what exists: every indicator that warns by its severity, plan progress, maturity."""
    warning = [item for item in indicators if item.kind not in UPWARD]
    return [
        *(Component(INDICATOR, BY_SEVERITY[item.severity], item.pk) for item in warning),
        Component(PLAN, PLAN_WEIGHT),
        Component(MATURITY, MATURITY_WEIGHT),
    ]


def _decimal(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
