"""The accounts that the page names: both tails, and who crossed a band."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from csworkspace.web import formats
from csworkspace.web.urls import workspace_url
from playbooks.scores.formula import Band
from playbooks.signals.rows import GOOD_NEWS
from reports.curve.measures import band_at, cuts_of, weight_of
from reports.curve.movement import NAMES
from reports.curve.queries import Detail, Spot, Told
from reports.curve.words import effect, points

TAIL, CROSSERS, ONLY = 8, 12, 3


@dataclass(frozen=True)
class Tail:
    """One end of the curve: the accounts to name, how many more there are, and whether the band is empty."""

    spots: list[Spot]
    more: int
    is_empty: bool


@dataclass(frozen=True)
class Crossing:
    """An account that came into another band."""

    spot: Spot
    before: Spot
    was: int
    now: int


@dataclass(frozen=True)
class Sign:
    """A signal beside an account; what is good news is no warning."""

    title: str
    url: str
    is_warning: bool


@dataclass(frozen=True)
class Named:
    """An account as the lists print it."""

    name: str
    url: str
    score: str
    status: str
    band: str
    change: str = ""
    tone: str = ""
    was: str = ""
    reasons: list[str] = field(default_factory=list)
    signals: list[Sign] = field(default_factory=list)


def lowest(spots: Sequence[Spot], bands: Sequence[Band], by: str) -> Tail:
    """Those of the lowest band, the lowest first; of an empty band the few that are nearest to it."""
    ordered = sorted(
        spots, key=lambda spot: (spot.score, -weight_of(spot.arr, by), -spot.arr, spot.account_id)
    )
    cuts = cuts_of(bands)
    return _tail(ordered, [spot for spot in ordered if bisect_right(cuts, spot.score or 0.0) == 0])


def highest(spots: Sequence[Spot], bands: Sequence[Band], by: str) -> Tail:
    """Those of the highest band, the highest first; of an empty band the few that are nearest to it."""
    cuts = cuts_of(bands)
    ordered = sorted(spots, key=lambda spot: (-(spot.score or 0.0), -spot.arr, spot.account_id))
    return _tail(ordered, [spot for spot in ordered if bisect_right(cuts, spot.score or 0.0) == len(cuts)])


def _tail(ordered: list[Spot], inside: list[Spot]) -> Tail:
    shown = inside[:TAIL] or ordered[:ONLY]
    return Tail(shown, max(len(inside) - TAIL, 0), not inside)


def crossings(
    now: Mapping[int, Spot], then: Mapping[int, Spot], bands: Sequence[Band]
) -> tuple[list[Crossing], list[Crossing]]:
    """Who fell into a lower band and who rose into a higher one; those with the most ARR first."""
    found, cuts = [], cuts_of(bands)
    for pk, spot in now.items():
        before = then.get(pk)
        if before is None:
            continue
        was, is_now = bisect_right(cuts, before.score or 0.0), bisect_right(cuts, spot.score or 0.0)
        if was != is_now:
            found.append(Crossing(spot, before, was, is_now))
    found.sort(key=lambda one: (-one.spot.arr, one.spot.account_id))
    return [one for one in found if one.now < one.was], [one for one in found if one.now > one.was]


def named(
    request: Any,
    spot: Spot,
    before: Spot | None,
    detail: Detail | None,
    bands: Sequence[Band],
    *,
    reasons: list[str],
    signals: Sequence[Told] = (),
) -> Named:
    """An account ready to print."""
    band = bands[band_at(spot.score or 0.0, bands)]
    difference = (spot.score or 0.0) - before.score if before and before.score is not None else 0.0
    was = bands[band_at(before.score, bands)].name if before and before.score is not None else ""
    return Named(
        name=detail.name if detail else "",
        url=workspace_url(request, "account_score", spot.account_id),
        score=points(spot.score),
        status=band.status,
        band=band.name,
        change=effect(difference) if abs(difference) >= 0.05 else "",
        tone="good" if difference > 0 else "bad",
        was=was,
        reasons=reasons,
        signals=[
            Sign(told.title, workspace_url(request, "signal", told.pk), told.kind not in GOOD_NEWS)
            for told in signals[:2]
        ],
    )


def losing(components: Sequence[dict[str, Any]], most: int = 2) -> list[str]:
    """The components that cost the most points, in words; those that cost nothing are no reason."""
    known = [item for item in components if item["share"] is not None and item["share"] < 1]
    known.sort(key=lambda item: -item["weight"] * (1 - item["share"]))
    return [_reason(item) for item in known[:most]]


def earning(components: Sequence[dict[str, Any]], most: int = 2) -> list[str]:
    """The components that bring the most points, in words."""
    known = [item for item in components if item["share"]]
    known.sort(key=lambda item: -(item["points"] or 0))
    return [_reason(item) for item in known[:most]]


def _reason(item: dict[str, Any]) -> str:
    said = item["words"] or f"earns {formats.percent(item['share'])}"
    return f"{item['name']}: {said}"


def main_cause(effects: Mapping[str, float], components: Sequence[dict[str, Any]], rises: bool) -> list[str]:
    """What moved an account the most in the direction that it went."""
    fitting = {key: points for key, points in effects.items() if (points > 0) == rises}
    if not fitting:
        return []
    key = max(fitting, key=lambda key: abs(fitting[key]))
    names = {item["key"]: item["name"] for item in components}
    return [f"{names.get(key, NAMES.get(key, key))} {effect(fitting[key])}"]
