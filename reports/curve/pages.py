"""The context of the curve's page; the number of queries does not depend on the number of accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts.accounts.models import Stage
from csworkspace.charts import Bar, Chart, Outline, Stretch, bar_chart, histogram
from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url
from playbooks.scores.formula import Band
from playbooks.scores.queries import model_on
from playbooks.scores.weights import read_bands
from reports.curve import lists, words
from reports.curve.forms import CurveForm
from reports.curve.groups import Members, measured, rows_of
from reports.curve.measures import Measures, weight_of
from reports.curve.movement import (
    BACK,
    CHURNED,
    DATA,
    FIRST,
    IN,
    OUT,
    WEIGHTS,
    Cause,
    Movement,
    Standing,
    movement,
)
from reports.curve.queries import (
    Around,
    Spot,
    curve_before,
    curve_on,
    details_of,
    kept_rows,
    open_signals,
    read_around,
    segment_members,
)
from reports.curve.spec import GROUPS, CurveSpec, read_spec

CHART_STATUS = {"at_risk": "off_track", "advocate": "ahead"}
CAUSES = 8
SMALL = 0.05


@dataclass(frozen=True)
class Curves:
    """The accounts of the day and of the day before, on the curve and in all.

    ended: the last day of which anything was kept, if that is too long before the day before.
    """

    spec: CurveSpec
    bands: list[Band]
    all_now: list[Spot]
    all_then: list[Spot]
    all_other: list[Spot]
    ended: date | None = None

    @staticmethod
    def counted(spots: Sequence[Spot]) -> dict[int, Spot]:
        """Those on the curve, by account."""
        return {spot.account_id: spot for spot in spots if spot.counts}


def curve_context(request: Any) -> dict[str, Any]:
    """Everything that the page shows."""
    spec, problem = read_spec(request.GET, today_of(request.workspace))
    model, around = model_on(spec.on), read_around()
    before_that, ended = curve_before(spec, spec.before)
    curves = Curves(
        spec=spec,
        bands=read_bands(model.bands if model else []),
        all_now=curve_on(spec, spec.on),
        all_then=before_that,
        all_other=curve_before(spec, spec.other)[0] if spec.other else [],
        ended=ended,
    )
    now, then = curves.counted(curves.all_now), curves.counted(curves.all_then)
    figures, before = measured(now.values(), spec, curves.bands), measured(then.values(), spec, curves.bands)
    currency = request.workspace.currency
    return {
        "spec": spec,
        "problem": problem,
        "form": CurveForm(spec, around),
        "model": model,
        "headline": words.headline(spec, figures, before if then else None, curves.bands, currency),
        "notes": notes(curves, len(now), len(then)),
        "is_empty": not figures.weight,
        "chart": picture(curves, figures, before if then else None, currency),
        "csv_url": workspace_url(request, "curve_csv") + spec.query(),
        "reset_url": spec.query(tier=None, owner=None, segment=None) if spec.narrows else "",
        **moved_part(request, curves, now, then),
        **group_part(curves, now, then, around, currency),
    }


def notes(curves: Curves, counted: int, counted_then: int) -> list[str]:
    """What the picture does not say by itself."""
    spec, found = curves.spec, []
    living = [spot for spot in curves.all_now if spot.stage != Stage.CHURNED]
    if len(living) > counted:
        found.append(f"not on it: {formats.plural(len(living) - counted, 'account')} without data")
    if spec.by == "arr":
        found.append("ARR is that of each day, or the first that is known")
        if unpriced := sum(spot.counts and spot.arr < 0 for spot in curves.all_now):
            found.append(
                f"without weight: {formats.plural(unpriced, 'account')} without ARR or without a rate"
            )
    if spec.segment is not None:
        found.append("members of the segment are those of each day")
    if counted and not counted_then:
        since = f": nothing was kept since {times.day(curves.ended)}" if curves.ended else ""
        nobody = "no account that fits had a score on" if spec.narrows else "no scores are kept of"
        found.append(f"{nobody} {times.day(spec.before)} to compare with{since}")
    return found


def picture(curves: Curves, now: Measures, then: Measures | None, currency: str) -> Chart:
    """The distribution, with outlines of the days before."""
    spec, bands = curves.spec, curves.bands
    outlines = [Outline(times.day(spec.before), _heights(spec, then))] if then and then.weight else []
    other = measured(curves.counted(curves.all_other).values(), spec, bands)
    if spec.other and other.weight:
        outlines.append(Outline(times.day(spec.other), _heights(spec, other)))
    ends = [*(float(band.start) for band in bands[1:]), 100.0]
    stretches = [
        Stretch(
            band.name,
            float(band.start),
            end,
            CHART_STATUS.get(band.status, band.status),
            words.figure(weight, spec, currency),
            formats.percent(now.share(at)) if now.weight else "",
        )
        for at, (band, end, weight) in enumerate(zip(bands, ends, now.bands, strict=True))
    ]
    what = "ARR" if spec.by == "arr" else "Accounts"
    return histogram(
        _heights(spec, now),
        title=f"{what} by value score, from {bands[0].name.lower()} to {bands[-1].name.lower()}",
        label="Today" if spec.is_live else times.day(spec.on),
        outlines=outlines,
        stretches=stretches,
        mark=(now.median, f"Median {words.points(now.median)}") if now.median is not None else None,
        unit=currency if spec.by == "arr" else "",
        uid="curve",
    )


def _heights(spec: CurveSpec, measures: Measures) -> list[float]:
    return [weight / 100 if spec.by == "arr" else weight for weight in measures.bins]


def moved_part(
    request: Any, curves: Curves, now: Mapping[int, Spot], then: Mapping[int, Spot]
) -> dict[str, Any]:
    """Why the curve moved, both tails, and who crossed a band."""
    spec, bands = curves.spec, curves.bands
    moves = movement_of(curves, now, then)
    low, high = lists.lowest([*now.values()], bands, spec.by), lists.highest([*now.values()], bands, spec.by)
    fell, rose = lists.crossings(now, then, bands)
    crossed = [*fell[: lists.CROSSERS], *rose[: lists.CROSSERS]]
    shown = [*low.spots, *high.spots, *(one.spot for one in crossed)]
    details = details_of([spot.row_id for spot in shown])
    signals = open_signals([spot.account_id for spot in shown], spec.on)

    def tail(one: lists.Tail, reasons: Any) -> dict[str, Any]:
        rows = []
        for spot in one.spots:
            detail = details.get(spot.account_id)
            said = reasons(detail.components) if detail else []
            told = signals.get(spot.account_id, ())
            before = then.get(spot.account_id)
            rows.append(lists.named(request, spot, before, detail, bands, reasons=said, signals=told))
        return {"rows": rows, "more": one.more, "is_empty": one.is_empty}

    def crossers(found: Sequence[lists.Crossing], rises: bool) -> dict[str, Any]:
        rows = []
        for one in found[: lists.CROSSERS]:
            pk, detail = one.spot.account_id, details.get(one.spot.account_id)
            said = lists.main_cause(moves.by_account.get(pk, {}), detail.components if detail else [], rises)
            rows.append(lists.named(request, one.spot, one.before, detail, bands, reasons=said))
        return {"rows": rows, "count": len(found), "more": max(len(found) - lists.CROSSERS, 0)}

    return {
        "low": tail(low, lists.losing),
        "high": tail(high, lists.earning),
        "fell": crossers(fell, False),
        "rose": crossers(rose, True),
        "low_band": bands[0],
        "high_band": bands[-1],
        "has_before": bool(then) and bool(now),
        **causes_part(spec, moves),
    }


def movement_of(curves: Curves, now: Mapping[int, Spot], then: Mapping[int, Spot]) -> Movement:
    """The net movement by cause; one query for the components of the rows that differ, of who stayed."""
    if not now or not then:
        return Movement(0.0, [])
    by = curves.spec.by
    moved = [(spot, then[pk]) for pk, spot in now.items() if pk in then and spot.row_id != then[pk].row_id]
    kept = kept_rows([spot.row_id for pair in moved for spot in pair])
    later = {
        pk: Standing(kept.get(spot.row_id), weight_of(spot.arr, by), spot.score or 0.0)
        for pk, spot in now.items()
    }
    # Who is on both days counts the same on both: what moved is then the score, not the ARR.
    earlier = {
        pk: Standing(kept.get(spot.row_id), weight_of(now.get(pk, spot).arr, by), spot.score or 0.0)
        for pk, spot in then.items()
    }
    came, went = came_and_went(curves, now, then)
    return movement(earlier, later, came=came, went=went)


def came_and_went(
    curves: Curves, now: Mapping[int, Spot], then: Mapping[int, Spot]
) -> tuple[dict[int, str], dict[int, str]]:
    """Why accounts are on one of both days only, as `movement` asks; where the view narrows three queries."""
    spec, before, after = curves.spec, curves.all_then, curves.all_now
    if spec.narrows:
        # Who is not in this view may be in another: that is no end, and no beginning.
        wide = replace(spec, tier=None, owner=None, segment=None)
        before = curve_before(wide, spec.before, now.keys() - then.keys())[0]
        after = curve_on(wide, spec.on, then.keys() - now.keys())
    came = {
        spot.account_id: BACK if spot.stage == Stage.CHURNED else IN if spot.counts else FIRST
        for spot in before
        if spot.account_id not in then
    }
    went = {
        spot.account_id: CHURNED if spot.stage == Stage.CHURNED else OUT
        for spot in after
        if spot.account_id not in now and (spot.counts or spot.stage == Stage.CHURNED)
    }
    return came, went


def causes_part(spec: CurveSpec, moves: Movement) -> dict[str, Any]:
    """The causes as a picture; the small ones together, so that the bars still add up."""
    shown = [cause for cause in moves.causes if abs(cause.points) >= SMALL][:CAUSES]
    rest = [cause for cause in moves.causes if cause not in shown]
    if rest:
        together = sum(cause.points for cause in rest)
        if abs(together) >= SMALL:
            shown.append(Cause("rest", formats.plural(len(rest), "smaller cause"), together))
    bars = [
        Bar(
            cause.name,
            round(cause.points, 1),
            _tone(cause),
            written=words.effect(cause.points),
        )
        for cause in shown
    ]
    net = Bar("Net movement", round(moves.net, 1), strong=True, written=words.effect(moves.net))
    return {
        "movement": words.movement_words(spec, moves.net, spec.by == "arr"),
        "causes": bar_chart([*bars, net], title="Points of the average score", uid="causes")
        if bars
        else None,
        "reference": words.reference(spec),
    }


def _tone(cause: Cause) -> str:
    """Better or worse; that data came or went, or weights changed, is neither."""
    if cause.key in (DATA, WEIGHTS):
        return "no_data"
    return "on_track" if cause.points > 0 else "off_track"


def group_part(
    curves: Curves, now: Mapping[int, Spot], then: Mapping[int, Spot], around: Around, currency: str
) -> dict[str, Any]:
    """The curve per group, and the links to the other kinds of groups."""
    spec = curves.spec
    members: tuple[Members, Members] = ({}, {})
    if spec.group == "segment":
        members = segment_members(spec, spec.on), segment_members(spec, spec.before)
    return {
        "group_label": GROUPS[spec.group],
        "group_words": GROUPS[spec.group] if spec.group == "owner" else spec.group,
        "groups": rows_of(spec, [*now.values()], [*then.values()], around, members, curves.bands, currency),
        "group_tabs": [
            {"label": label, "url": f"{spec.query(group=name)}#groups", "current": name == spec.group}
            for name, label in GROUPS.items()
        ],
    }
