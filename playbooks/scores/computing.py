"""Working scores out for many accounts: what a row of `Score` says, before it is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from accounts.accounts.models import Account, Stage
from accounts.accounts.stages import STAGE_THEN
from accounts.tiering.queries import tiers_on
from playbooks.indicators.evaluating import Known
from playbooks.scores.formula import Part, rounded_share, score_of, shown_score
from playbooks.scores.gathering import Gathered, end_of, gather
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.queries import name_of
from playbooks.scores.weights import Component, read_components

POINTS = Decimal("0.0001")


@dataclass(frozen=True)
class Frame:
    """What an account was on the day, beside its score."""

    stage: str
    tier: int | None
    owner: int | None


@dataclass(frozen=True)
class Fresh:
    """A score as worked out; `components` as in `models.Score`, but without words: `spoken` has them."""

    account_id: int
    score: Decimal | None
    confidence: int
    model_id: int
    frame: Frame
    components: list[dict[str, Any]] = field(default_factory=list)
    says: dict[str, Callable[[], str]] = field(default_factory=dict)

    def spoken(self) -> list[dict[str, Any]]:
        """The components with their words."""
        return [{**item, "words": self.says[item["key"]]()} for item in self.components]

    def same_as(self, row: Score) -> bool:
        """Whether a kept row says the same: words alone make no new row."""
        return (
            self.score == row.score
            and self.confidence == row.confidence
            and self.model_id == row.model_id
            and self.frame == Frame(row.stage, row.tier_then, row.owner_then)
            and _core(self.components) == _core(row.components)
        )


def _core(components: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(item["key"], item["share"], item["weight"]) for item in components]


def recompute_scores(
    account_ids: Sequence[int], day: date, model: ScoreModel, known: Known | None = Known.NOW
) -> dict[int, Fresh]:
    """Scores as of a day by given weights, from the data that count as known; nothing is written.

    known None: from the readings, plans and levels as they are kept at present. Churned accounts have
    no score. The number of statements does not depend on the number of accounts.
    """
    frames = frames_on(account_ids, day if known is not None else None)
    living = [pk for pk, frame in frames.items() if frame.stage != Stage.CHURNED]
    components = read_components(model.components)
    gathered = gather(components, living, day, known) if living else Gathered({}, {})
    fixed = [_fixed(item, gathered) for item in components]
    return {
        pk: fresh_of(pk, frame, model, components, fixed, gathered)
        if frame.stage != Stage.CHURNED
        else Fresh(pk, None, 0, model.pk, frame)
        for pk, frame in frames.items()
    }


def fresh_of(
    account_id: int,
    frame: Frame,
    model: ScoreModel,
    components: Sequence[Component],
    fixed: Sequence[dict[str, Any]],
    gathered: Gathered,
) -> Fresh:
    """One account's score from what was gathered; `fixed`: what its components say of every account."""
    given = {item.key: gathered.of(account_id, item.key) for item in components}
    shares = {key: rounded_share(one.share) for key, one in given.items()}
    asked = [item for item in components if given[item.key].applies]
    scored = score_of([Part(item.key, item.weight, shares[item.key]) for item in asked])
    says = {key: one.say for key, one in given.items()}
    rows = [
        {
            **same,
            "share": _number(shares[key]),
            "points": _number(scored.points.get(key), POINTS),
            "value": _number(given[key].value),
            "holds": given[key].holds,
            "applies": given[key].applies,
        }
        for key, same in zip(given, fixed, strict=True)
    ]
    return Fresh(account_id, shown_score(scored.score), scored.confidence, model.pk, frame, rows, says)


def _fixed(item: Component, gathered: Gathered) -> dict[str, Any]:
    return {
        "key": item.key,
        "kind": item.kind,
        "indicator": item.indicator,
        "name": name_of(item, gathered.indicators),
        "weight": _number(item.weight),
        "scale": [_number(item.worst), _number(item.best), item.up],
    }


def _number(value: Decimal | None, step: Decimal | None = None) -> float | None:
    if value is None:
        return None
    return float(value.quantize(step, ROUND_HALF_UP) if step else value)


def frames_on(account_ids: Sequence[int], day: date | None) -> dict[int, Frame]:
    """Stage, tier and owner of accounts, at present or as of a day; without accounts not signed then.

    The stage comes from the audit log, the tier from its placements; an owner is the present one.
    """
    rows = Account.objects.filter(pk__in=account_ids).order_by("pk")
    found = {
        account.pk: account
        for account in rows.only("stage", "tier_id", "owner_id", "customer_since")
        if day is None or account.customer_since is None or account.customer_since <= day
    }
    stages, tiers = (_stages_on(list(found), day), tiers_on(day, list(found))) if day else ({}, {})
    return {
        pk: Frame(stages.get(pk, account.stage), tiers.get(pk, account.tier_id), account.owner_id)
        for pk, account in found.items()
    }


STAGES = f"select account.id, {STAGE_THEN} from accounts_account account where account.id = any(%(ids)s)"


def _stages_on(account_ids: list[int], day: date) -> dict[int, str]:
    """The stages at the end of the day, by account; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(STAGES, {"ids": account_ids, "until": end_of(day)})
        return dict(cursor.fetchall())
