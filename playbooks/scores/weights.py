"""What a version of the weights says: its components and bands, read from JSON and written to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from playbooks.indicators.measures import When, measure_named
from playbooks.indicators.models import Indicator, SignalKind
from playbooks.indicators.readymade_set import READY_MADE
from playbooks.scores.formula import DEFAULT_BANDS, STATUSES, Band

PLAN, MATURITY, INDICATOR = "plan", "maturity", "indicator"
NAMES = {PLAN: "Plan progress", MATURITY: "Maturity"}
# What counts upward if somebody gives it a weight; by default only what warns has one.
UPWARD = (SignalKind.OPPORTUNITY, SignalKind.BUYING, SignalKind.MILESTONE)
# Plan progress and maturity weigh three quarters of all indicators together, each; alone 30.
PART_OF_INDICATORS, ALONE = Decimal("0.75"), Decimal(30)
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


def ready_made(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Those of the ready-made set; what people build weighs nothing until they say how much."""
    keys = {one.key for one in READY_MADE}
    return [item for item in indicators if item.key in keys]


def default_components(indicators: Iterable[Indicator]) -> list[Component]:
    """Weights of these: every indicator that warns by its severity, plan progress, maturity."""
    warning = [item for item in indicators if item.kind not in UPWARD]
    found = [Component(INDICATOR, Decimal(item.severity), item.pk, *default_scale(item)) for item in warning]
    together = sum((item.weight for item in found), Decimal(0))
    weight = max((together * PART_OF_INDICATORS).quantize(Decimal(1)), Decimal(1)) if found else ALONE
    return [*found, Component(PLAN, weight), Component(MATURITY, weight)]


def default_scale(indicator: Indicator) -> tuple[Decimal | None, Decimal | None]:
    """(worst, best) from where an indicator begins to hold: nothing there, everything at 0.

    For what holds below its threshold: everything at twice of it. None for numbers that grow with every
    day, of which only the beginning is kept, and where the threshold is not above 0.
    """
    measure, begins = measure_named(indicator.measure), _decimal(indicator.definition.get("begins"))
    if measure is None or measure.counts_days or begins is None or begins <= 0:
        return None, None
    low = indicator.definition.get("when") == When.AT_MOST
    return begins, begins * 2 if low else Decimal(0)


def _decimal(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
