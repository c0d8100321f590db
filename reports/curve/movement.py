"""The net movement between two days, by cause. Pure functions over plain values.

The net movement is the mean score of the later day minus that of the earlier one, in points; accounts
count 1 each, or by their ARR: who is on both days by that of the later day, so that the score alone moves
it. With W the weight of all accounts of a day, and m the mean of those that are on both days, on the
respective day, its parts are exact:

stayed      Σ weight · change ÷ weight of those on both days, by component (see `effects`)
arrived     Σ weight · (score − m later) ÷ W later:      new accounts, first scores, from elsewhere
left        − Σ weight · (score − m earlier) ÷ W earlier:  churned accounts, scores that are gone, elsewhere
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

DATA, WEIGHTS = "data", "weights"
NEW, FIRST, BACK, IN = "new", "first", "back", "in"
CHURNED, LOST, OUT = "churned", "lost", "out"
NAMES = {
    DATA: "Data that came or went",
    WEIGHTS: "Weights changed",
    NEW: "New accounts",
    FIRST: "First scores",
    BACK: "Came back",
    IN: "Came into this view",
    CHURNED: "Churned accounts",
    LOST: "No score any more",
    OUT: "Left this view",
}
NOTHING_KNOWN: Mapping[int, str] = {}


class Part(msgspec.Struct, gc=False):
    """What counts of a component of `scores.models.Score`."""

    key: str
    name: str
    weight: float
    share: float | None = None
    scale: list[Any] | None = None
    value: float | None = None
    holds: bool | None = None


class Kept(NamedTuple):
    """A kept row: the version of the weights, and its components."""

    model: int
    components: list[Part]

    @property
    def exact(self) -> float:
        """The score before it was rounded."""
        points = weight = 0.0
        for item in self.components:
            if item.share is not None:
                weight += item.weight
                points += item.weight * item.share
        return 100 * points / weight if weight else 0.0


@dataclass
class Cause:
    """What moved the mean, by how many points, and on how many accounts."""

    key: str
    name: str
    points: float = 0.0
    accounts: int = 0


@dataclass(frozen=True)
class Movement:
    """The net movement in points, its causes, the heaviest first, and by account those of who stayed."""

    net: float
    causes: list[Cause]
    by_account: dict[int, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """An account on a day: its score, what it counts, and its row, None if it is the same on both days.

    Of who was there on one day only the row is not needed either: the score says it all.
    """

    kept: Kept | None
    weight: float
    score: float = 0.0

    @property
    def exact(self) -> float:
        """The score, before it was rounded if the row is there."""
        return self.score if self.kept is None else self.kept.exact


def effects(before: Kept, now: Kept, change: float | None = None) -> dict[str, float]:
    """One account's change of score by cause, in points; they add up to the change.

    New weights: the later day's data under the new weights, less the same data under the old ones. The
    data, by the old weights: a component that had some on both days moves the score by its weight × the
    change of its share, of all weight that has data now. What is left: data that came or went.
    """
    change = now.exact - before.exact if change is None else change
    earlier = {item.key: item for item in before.components}
    same = before.model == now.model
    today = now.components if same else under_old_weights(before, now)
    weight = sum(item.weight for item in today if item.share is not None)
    if not weight:
        return {WEIGHTS: change}
    found: dict[str, float] = {}
    for item in today:
        then = earlier.get(item.key)
        if then is None or item.share is None or then.share is None or item.scale != then.scale:
            continue
        if item.weight and item.share != then.share:
            found[item.key] = 100 * item.weight * (item.share - then.share) / weight
    if not same:
        _set(found, WEIGHTS, now.exact - Kept(before.model, today).exact)
    _set(found, DATA, change - sum(found.values()))
    return found


def _set(found: dict[str, float], key: str, points: float) -> None:
    if abs(points) > 1e-9:
        found[key] = points


def under_old_weights(before: Kept, now: Kept) -> list[Part]:
    """What the later day's data would be under the weights and scales of the earlier row.

    A component that the old weights did not name weighs nothing. Of one that the new ones do not name any
    more nothing is known of the later day: it stays as it was.
    """
    earlier, later = ({item.key: item for item in one.components} for one in (before, now))
    gone = [item for key, item in earlier.items() if key not in later]
    return [_under(item, earlier.get(item.key)) for item in now.components] + gone


def _under(item: Part, then: Part | None) -> Part:
    if then is None:
        return Part(item.key, item.name, 0.0, item.share, item.scale)
    share = item.share if item.scale == then.scale else _rescaled(item, then)
    return Part(item.key, item.name, then.weight, share, then.scale)


def _rescaled(item: Part, then: Part) -> float | None:
    """The share of a value on the earlier scale; as it was if the row does not tell the value."""
    if item.share is None or then.scale is None or item.holds is None:
        return None if item.share is None else then.share
    worst, best, up = then.scale
    if item.value is not None and worst is not None and best is not None and worst != best:
        return round(max(0.0, min(1.0, (item.value - worst) / (best - worst))), 2)
    return float(item.holds == up)


def movement(
    earlier: Mapping[int, Standing],
    later: Mapping[int, Standing],
    *,
    came: Mapping[int, str] = NOTHING_KNOWN,
    went: Mapping[int, str] = NOTHING_KNOWN,
) -> Movement:
    """The net movement between two days by cause; nothing to compare without accounts on either day.

    came: why accounts are on the later day only, else they are new: FIRST, BACK or IN. went: why they are on
    the earlier day only, else their score is lost: CHURNED or OUT.
    """
    both = [pk for pk in later if pk in earlier]
    whole_now, whole_then, staying = (_whole(later, later), _whole(earlier, earlier), _whole(later, both))
    if not whole_now or not whole_then:
        return Movement(0.0, [])
    now = {pk: one.exact for pk, one in later.items()}
    then = {pk: one.exact for pk, one in earlier.items()}
    mean_now, mean_then = _mean(later, now, later), _mean(earlier, then, earlier)
    # With nobody on both days whoever arrived is the cause, and whoever left is none.
    middle_now = _mean(later, now, both) if staying else mean_then
    middle_then = _mean(earlier, then, both) if staying else mean_then
    causes: dict[str, Cause] = {}
    changes: dict[int, dict[str, float]] = {}
    names: dict[str, str] = {}
    for pk in both:
        before, after = earlier[pk].kept, later[pk].kept
        if before is None or after is None or before is after:
            continue
        changes[pk] = effects(before, after, now[pk] - then[pk])
        names.update((item.key, item.name) for item in after.components)
    for pk, found in changes.items() if staying else ():
        for key, points in found.items():
            _add(causes, key, names.get(key, ""), points * later[pk].weight / staying)
    for pk in later.keys() - earlier.keys():
        _add(causes, came.get(pk, NEW), "", later[pk].weight * (now[pk] - middle_now) / whole_now)
    for pk in earlier.keys() - later.keys():
        _add(causes, went.get(pk, LOST), "", -earlier[pk].weight * (then[pk] - middle_then) / whole_then)
    ordered = sorted(causes.values(), key=lambda cause: (-abs(cause.points), cause.name))
    return Movement(mean_now - mean_then, ordered, changes)


def _whole(weights: Mapping[int, Standing], among: Iterable[int]) -> float:
    return sum(weights[pk].weight for pk in among)


def _mean(weights: Mapping[int, Standing], scores: Mapping[int, float], among: Collection[int]) -> float:
    whole = _whole(weights, among)
    return sum(weights[pk].weight * scores[pk] for pk in among) / whole


def _add(causes: dict[str, Cause], key: str, name: str, points: float) -> None:
    cause = causes.setdefault(key, Cause(key, name or NAMES.get(key, key)))
    cause.points += points
    cause.accounts += 1
