"""Keeping scores, and deciding on their weights."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from accounts.accounts.models import Account
from accounts.book.actions import set_scores
from csworkspace.audit.actions import record
from csworkspace.audit.actor import SYSTEM, Actor
from csworkspace.jobs.actions import start_job
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import CONFLICT, Conflict
from playbooks.indicators.queries import active_indicators
from playbooks.scores.computing import Fresh, recompute_scores
from playbooks.scores.formula import Band
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.queries import model_on, newest_model
from playbooks.scores.weights import (
    INDICATOR,
    Component,
    default_components,
    default_scale,
    read_bands,
    read_components,
    ready_made,
    write_bands,
    write_components,
)

REWRITE = """
update playbooks_score score set score = fresh.score, confidence = fresh.confidence,
    components = fresh.components, model_id = fresh.model_id, stage = fresh.stage,
    tier_then = fresh.tier_then, owner_then = fresh.owner_then, recorded_at = fresh.recorded_at
from (values %s) as fresh (id, score, confidence, components, model_id, stage, tier_then, owner_then,
    recorded_at)
where score.id = fresh.id
"""
REWRITE_ROW = (
    "(%s::bigint, %s::numeric, %s::smallint, %s::jsonb, %s::bigint, %s::text, %s::bigint, %s::bigint, "
    "%s::timestamptz)"
)
WEIGHTS_REASON = "Ready-made indicators that warn, by severity, plan progress and maturity."
SCALE_REASON = "The scale follows an indicator whose threshold was changed."


class WeightsRefused(ValueError):
    """Weights that cannot be saved as asked; the text says why."""


@transaction.atomic
def refresh_scores(account_ids: Sequence[int], *, on: date | None = None) -> list[int]:
    """Work the scores of these accounts out, and keep what changed; the accounts whose row changed.

    A changed score makes a row for today; the row of today is written anew, those of past days never.
    The number of statements does not depend on the number of accounts: give a few hundred at once.
    """
    day = on or today()
    model = model_on(day)
    if model is None or not account_ids:
        return []
    # Before anything is read: who waits here then reads what the one before it was called for.
    list(
        Account.objects.select_for_update(no_key=True)
        .filter(pk__in=account_ids)
        .order_by("pk")
        .values_list("pk")
    )
    fresh = recompute_scores(account_ids, day, model, None)
    rows = Score.objects.select_for_update().filter(account_id__in=list(fresh), superseded_at=None)
    current = {row.account_id: row for row in rows.order_by("account_id")}
    changed = [one for pk, one in fresh.items() if pk not in current or not one.same_as(current[pk])]
    # A row of a day to come can only be left by a clock that was wrong: it is not history.
    _rewrite([(current[one.account_id].pk, one) for one in changed if _is_of(current, one, day)])
    _add([one for one in changed if not _is_of(current, one, day)], current, day)
    set_scores({pk: whole(one.score) for pk, one in fresh.items()})
    return [one.account_id for one in changed]


def _is_of(current: dict[int, Score], one: Fresh, day: date) -> bool:
    row = current.get(one.account_id)
    return row is not None and row.day >= day


def whole(score: Decimal | None) -> int:
    """A score in whole points as the book keeps it, so that bands begin where they say; -1 for none."""
    return -1 if score is None else int(score.to_integral_value(ROUND_FLOOR))


def _rewrite(rows: Sequence[tuple[int, Fresh]]) -> None:
    if not rows:
        return
    now = timezone.now()
    values = [
        (
            pk,
            one.score,
            one.confidence,
            json.dumps(one.spoken()),
            one.model_id,
            one.frame.stage,
            one.frame.tier,
            one.frame.owner,
            now,
        )
        for pk, one in rows
    ]
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, REWRITE, values, template=REWRITE_ROW, page_size=len(values))


def _add(changed: Sequence[Fresh], current: dict[int, Score], day: date) -> None:
    if not changed:
        return
    now = timezone.now()
    former = [current[one.account_id].pk for one in changed if one.account_id in current]
    if former:
        Score.objects.filter(pk__in=former).update(superseded_at=now)
    # Another job may score the same accounts for the first time: its row is as good.
    Score.objects.bulk_create([row_of(one, day) for one in changed], ignore_conflicts=True)


def row_of(one: Fresh, day: date, **more: object) -> Score:
    """A score as a row of a day, recorded now."""
    return Score(
        account_id=one.account_id,
        day=day,
        score=one.score,
        confidence=one.confidence,
        components=one.spoken(),
        model_id=one.model_id,
        tier_then=one.frame.tier,
        owner_then=one.frame.owner,
        stage=one.frame.stage,
        **{"recorded_at": timezone.now(), **more},
    )


@transaction.atomic
def keep_default_model() -> ScoreModel:
    """The newest version of the weights; without any, made once from the ready-made set.

    What is added later weighs nothing until a person decides. Until then only the scales follow: a changed
    threshold is where an indicator earns nothing from then on.
    """
    newest = newest_model()
    if newest is not None and newest.actor != SYSTEM.label:
        return newest
    components, reason = _automatic(newest)
    if newest is not None and read_components(newest.components) == components:
        return newest
    if newest is not None and newest.since >= today() and not _counted_before(newest):
        # What is set up in one day need not leave a version for each step.
        newest.components = write_components(components)
        newest.save(update_fields=["components"])
        return newest
    made, _ = ScoreModel.objects.get_or_create(
        number=newest.number + 1 if newest else 1,
        defaults={
            "components": write_components(components),
            "bands": newest.bands if newest else write_bands(read_bands([])),
            "reason": reason,
            "since": today(),
            "actor": SYSTEM.label,
        },
    )
    return made


def _automatic(newest: ScoreModel | None) -> tuple[list[Component], str]:
    """The components while nobody has decided, and why they are so."""
    indicators = list(active_indicators())
    former = read_components(newest.components) if newest else []
    if not any(item.kind == INDICATOR for item in former):
        return default_components(ready_made(indicators)), WEIGHTS_REASON
    scales = {item.pk: default_scale(item) for item in indicators}
    followed = [
        replace(item, worst=scales[item.indicator][0], best=scales[item.indicator][1])
        if item.indicator in scales
        else item
        for item in former
    ]
    return followed, SCALE_REASON


def _counted_before(model: ScoreModel) -> bool:
    return Score.objects.filter(model=model, day__lt=model.since).exists()


@transaction.atomic
def save_weights(
    *,
    by: Actor,
    seen: int | None,
    components: Sequence[Component],
    bands: Sequence[Band],
    reason: str,
    since: date,
) -> ScoreModel:
    """Decide on weights that take over on a day, today or later; scores of earlier days stay as they are.

    `seen`: the number of the newest version that the person saw. Raises Conflict, WeightsRefused.
    """
    newest = ScoreModel.objects.select_for_update().order_by("-number").first()
    if newest is not None and seen is not None and newest.number != seen:
        raise Conflict(CONFLICT)
    check_weights(components, bands)
    if since < today():
        raise WeightsRefused("New weights take over today or on a later day; the past stays as it was kept.")
    made = ScoreModel.objects.create(
        number=newest.number + 1 if newest else 1,
        components=write_components(components),
        bands=write_bands(bands),
        reason=reason,
        since=since,
        actor=by.label[:160],
    )
    before = {} if newest is None else told(newest)
    record("decided on", made, by=by, before=before, after={**told(made), "reason": reason, "from": since})
    if since <= today():
        start_job("scores.refresh", "Work out scores by the new weights", by=by)
    return made


def told(model: ScoreModel) -> dict[str, str]:
    """The weights and bands in plain values, for the audit log."""
    weights = {item.key: f"{item.weight.normalize():f}" for item in read_components(model.components)}
    bands = {band.name: f"{band.start.normalize():f}" for band in read_bands(model.bands)}
    return {
        "weights": ", ".join(f"{key} {weight}" for key, weight in weights.items()),
        "bands": ", ".join(f"{name} from {start}" for name, start in bands.items()),
    }


def check_weights(components: Sequence[Component], bands: Sequence[Band]) -> None:
    """Raise WeightsRefused unless something has a weight and the bands rise from 0 to at most 100."""
    if not any(item.weight > 0 for item in components):
        raise WeightsRefused("Give at least one component a weight above 0.")
    starts = [band.start for band in bands]
    if starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] > 100:
        raise WeightsRefused("Each band must begin above the one before it, at 100 at most.")
