"""The curve per tier, CSM or segment: a small one for each, with its figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from csworkspace.charts import small_histogram
from csworkspace.web import formats
from playbooks.scores.formula import Band
from reports.curve.measures import Measures, cuts_of, measure, pairs_of
from reports.curve.queries import Around, Spot
from reports.curve.spec import NOBODY, CurveSpec
from reports.curve.words import figure, moved, points

Members = Mapping[int, set[int]]
MOST = 60
NO_ONE = {"tier": "No tier", "owner": "Nobody", "segment": ""}


@dataclass(frozen=True)
class GroupRow:
    """A group as the table prints it."""

    name: str
    url: str
    accounts: str
    picture: SafeString
    median: str
    change: str
    tone: str
    at_risk: str
    advocates: str


def rows_of(
    spec: CurveSpec,
    now: Sequence[Spot],
    then: Sequence[Spot],
    around: Around,
    members: tuple[Members, Members],
    bands: Sequence[Band],
    currency: str,
) -> list[GroupRow]:
    """A row for each group that has an account on the curve, in the order of its kind; at most 60.

    members: who was in which segment on the day, and on the one before.
    """
    names = {"tier": around.tiers, "owner": around.team, "segment": around.segments}[spec.group]
    present, earlier = grouped(spec, now, members[0]), grouped(spec, then, members[1])
    known = [pk for pk in names if pk in present]
    others = [pk for pk in present if pk not in names and pk != NOBODY]
    order = [*known, *others, *([NOBODY] if NOBODY in present else [])]
    return [
        row_of(
            spec, pk, names.get(pk, ""), measured(present[pk], spec, bands), earlier.get(pk), bands, currency
        )
        for pk in order[:MOST]
    ]


def grouped(spec: CurveSpec, spots: Iterable[Spot], members: Members) -> dict[int, list[Spot]]:
    """The accounts of each group; 0: without a tier or CSM. An account may be in many segments."""
    found: dict[int, list[Spot]] = {}
    if spec.group == "segment":
        by_account = {spot.account_id: spot for spot in spots}
        for pk, ids in members.items():
            inside = [by_account[one] for one in ids if one in by_account]
            if inside:
                found[pk] = inside
        return found
    for spot in spots:
        group = spot.tier if spec.group == "tier" else spot.owner
        found.setdefault(group or NOBODY, []).append(spot)
    return found


def measured(spots: Iterable[Spot], spec: CurveSpec, bands: Sequence[Band]) -> Measures:
    """The figures of some accounts on the curve."""
    return measure(pairs_of(((spot.score or 0.0, spot.arr) for spot in spots), spec.by), bands)


def row_of(
    spec: CurveSpec,
    pk: int,
    name: str,
    now: Measures,
    earlier: list[Spot] | None,
    bands: Sequence[Band],
    currency: str,
) -> GroupRow:
    """One group's figures and its small picture."""
    then = measured(earlier, spec, bands) if earlier else None
    said = name or (NO_ONE[spec.group] if pk == NOBODY else "Not in use any more")
    moves = moved(now.median, then.median) if then else ""
    cuts = cuts_of(bands)
    label = f"{said}: {formats.plural(now.accounts, 'account')}, median {points(now.median)}"
    return GroupRow(
        name=said,
        url=spec.query(**{spec.group: pk}),
        accounts=formats.number(now.accounts)
        if spec.by == "accounts"
        else figure(now.weight, spec, currency),
        picture=small_histogram(now.bins, label=label, cuts=cuts),
        median=points(now.median),
        change=moves or formats.DASH,
        tone="good" if moves.startswith("up") else "bad" if moves.startswith("down") else "",
        at_risk=formats.percent(now.share(0)),
        advocates=formats.percent(now.share(len(bands) - 1)),
    )
