"""Evaluating a framework for many accounts at once.

The number of queries depends on the framework alone: one per distinct set of features and window,
one for all metrics, one for all answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.metrics.queries import Point, values_on
from accounts.usage.queries import FeatureUse, feature_use
from playbooks.frameworks.models import Answer, Behaviour, Comparison, Evidence, Level

ANY_FEATURE = "*"
Fact = dict[str, Any]
FeatureKey = tuple[tuple[str, ...], int]


@dataclass(frozen=True)
class Verdict:
    """The level that the evidence gives, and one fact per behaviour, lowest level first."""

    level: int
    facts: list[Fact]

    @property
    def truth(self) -> tuple[tuple[str, bool], ...]:
        """What holds and what does not: if this changes, the assessment has changed."""
        return truth_of(self.facts)


def truth_of(facts: Sequence[Fact]) -> tuple[tuple[str, bool], ...]:
    """Which behaviours hold, without their numbers."""
    return tuple((fact["lineage"], fact["holds"]) for fact in facts)


def level_of(levels: Sequence[tuple[int, Sequence[bool]]]) -> int:
    """The highest level whose behaviours, and all below, hold; 0 if the first level's do not.

    `levels`: (position, whether each behaviour holds), lowest first.
    """
    reached = 0
    for position, holds in levels:
        if not all(holds):
            break
        reached = position
    return reached


@dataclass(frozen=True)
class Gathered:
    """Everything the evidence of a group of accounts is made of."""

    day: date
    uses: Mapping[FeatureKey, Mapping[int, FeatureUse]]
    values: Mapping[tuple[int, int], Point]
    answers: Mapping[tuple[int, str], Fact]


def evaluate(levels: Sequence[Level], account_ids: Sequence[int], day: date) -> dict[int, Verdict]:
    """The verdict for each account as of a day; `levels` have behaviours and metrics loaded."""
    behaviours = [behaviour for level in levels for behaviour in level.behaviours.all()]
    gathered = gather(behaviours, account_ids, day)
    return {account_id: _verdict(levels, account_id, gathered) for account_id in account_ids}


def evaluate_one(behaviour: Behaviour, account_id: int, day: date) -> Fact:
    """The fact about one behaviour of one account as of a day."""
    return _fact(behaviour.level, behaviour, account_id, gather([behaviour], [account_id], day))


def gather(behaviours: Sequence[Behaviour], account_ids: Sequence[int], day: date) -> Gathered:
    """Read the uses, values and answers that the behaviours ask for."""
    metric_ids = sorted({item.metric_id for item in behaviours if item.metric_id})
    keys = {feature_key(item) for item in behaviours if item.evidence == Evidence.FEATURE}
    return Gathered(
        day=day,
        uses={key: _uses(key, account_ids, day) for key in keys},
        values=values_on(account_ids, metric_ids, day) if metric_ids else {},
        answers=_answers(behaviours, account_ids, day),
    )


def feature_key(behaviour: Behaviour) -> FeatureKey:
    """What is counted for a behaviour: features (none means any) and days."""
    features = () if ANY_FEATURE in behaviour.features else tuple(sorted(behaviour.features))
    return features, behaviour.window_days


def _uses(key: FeatureKey, account_ids: Sequence[int], day: date) -> Mapping[int, FeatureUse]:
    features, window = key
    return feature_use(account_ids, list(features), day - timedelta(days=window - 1), day)


def _answers(
    behaviours: Sequence[Behaviour], account_ids: Sequence[int], day: date
) -> dict[tuple[int, str], Fact]:
    """The newest answer up to the day, by account and lineage: new versions keep the answers."""
    lineages = [item.lineage for item in behaviours if item.evidence == Evidence.ANSWER]
    if not lineages:
        return {}
    rows = (
        Answer.objects.filter(
            account_id__in=account_ids, behaviour__lineage__in=lineages, answered_at__date__lte=day
        )
        .order_by("account_id", "behaviour__lineage", "-id")
        .distinct("account_id", "behaviour__lineage")
        .values_list("account_id", "behaviour__lineage", "holds", "note", "actor", "answered_at__date")
    )
    return {
        (account_id, str(lineage)): {"holds": holds, "note": note, "by": actor, "answered": on.isoformat()}
        for account_id, lineage, holds, note, actor, on in rows
    }


def _verdict(levels: Sequence[Level], account_id: int, gathered: Gathered) -> Verdict:
    facts: list[Fact] = []
    held: list[tuple[int, list[bool]]] = []
    for level in levels:
        found = [_fact(level, behaviour, account_id, gathered) for behaviour in level.behaviours.all()]
        facts += found
        held.append((level.position, [fact["holds"] for fact in found]))
    return Verdict(level_of(held), facts)


def _fact(level: Level, behaviour: Behaviour, account_id: int, gathered: Gathered) -> Fact:
    seen = {
        Evidence.FEATURE: _feature_fact,
        Evidence.METRIC: _metric_fact,
        Evidence.ANSWER: _answer_fact,
    }[Evidence(behaviour.evidence)](behaviour, account_id, gathered)
    return {
        "behaviour": behaviour.pk,
        "lineage": str(behaviour.lineage),
        "level": level.position,
        "name": behaviour.name,
        "kind": behaviour.evidence,
        "since": None,
        "day": gathered.day.isoformat(),
        **seen,
    }


def _feature_fact(behaviour: Behaviour, account_id: int, gathered: Gathered) -> Fact:
    use = gathered.uses[feature_key(behaviour)].get(account_id)
    count = use.count if use else 0
    return {"number": str(count), "holds": count >= behaviour.threshold}


def _metric_fact(behaviour: Behaviour, account_id: int, gathered: Gathered) -> Fact:
    point = gathered.values.get((account_id, behaviour.metric_id or 0))
    if point is None:
        return {"number": None, "holds": False}
    number = point.value
    return {"number": f"{number.normalize():f}", "holds": compare(number, behaviour)}


def compare(number: Decimal, behaviour: Behaviour) -> bool:
    """Whether a metric's value meets the behaviour's threshold."""
    if behaviour.comparison == Comparison.AT_MOST:
        return number <= behaviour.threshold
    return number >= behaviour.threshold


def _answer_fact(behaviour: Behaviour, account_id: int, gathered: Gathered) -> Fact:
    return dict(
        gathered.answers.get((account_id, str(behaviour.lineage)), {"holds": False, "answered": None})
    )
