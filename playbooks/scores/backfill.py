"""Scores for days that had none, from data that were loaded later; nothing that was kept is touched."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Min
from django.db.models.functions import TruncDate
from django.utils import timezone

from csworkspace.tenancy import clock
from playbooks.indicators.evaluating import Known
from playbooks.scores.actions import row_of
from playbooks.scores.computing import Fresh, recompute_scores
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.queries import model_on


@transaction.atomic
def backfill_scores(
    account_ids: Sequence[int],
    days: Sequence[date],
    known: Known,
    *,
    model: ScoreModel | None = None,
) -> int:
    """Write rows of past days, oldest first, for accounts of which nothing was kept until then; how many.

    Such rows are told by `recorded_at`, later than their day. An account gets them only before the first
    day that was kept at the time, and never two for a day; a day that says the same as the one before it
    makes none, except the last: what was loaded must tell where it ends. The statements depend on the
    number of days alone. Give a few hundred accounts at once.
    """
    first_kept = _first_kept(account_ids)
    written, last = 0, dict[int, Fresh]()
    end = max(days, default=None)
    for day in sorted(days):
        ids = [pk for pk in account_ids if pk not in first_kept or day < first_kept[pk]]
        weights = model or model_on(day)
        if weights is None or not ids:
            continue
        fresh = recompute_scores(ids, day, weights, known)
        told = [one for pk, one in fresh.items() if _says_more(one, last.get(pk), day == end)]
        last |= fresh
        written += _write(told, day)
    _leave_one_current(account_ids)
    return written


def _says_more(one: Fresh, before: Fresh | None, is_end: bool) -> bool:
    if before is None:
        return one.score is not None
    return is_end or (one.score, one.confidence, one.frame, one.components) != (
        before.score,
        before.confidence,
        before.frame,
        before.components,
    )


def _write(rows: Sequence[Fresh], day: date) -> int:
    now = timezone.now()
    there = set(
        Score.objects.filter(day=day, account_id__in=[one.account_id for one in rows]).values_list(
            "account_id", flat=True
        )
    )
    new = [
        row_of(one, day, recorded_at=now, superseded_at=now) for one in rows if one.account_id not in there
    ]
    Score.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(new)


def _first_kept(account_ids: Sequence[int]) -> dict[int, date]:
    """The first day that was written on that day itself, by account; one query and the time zone's."""
    recorded = TruncDate("recorded_at", tzinfo=ZoneInfo(clock.zone()))
    rows = Score.objects.filter(account_id__in=account_ids).annotate(recorded=recorded)
    kept = rows.filter(day__gte=F("recorded")).values("account_id").annotate(first=Min("day"))
    return dict(kept.values_list("account_id", "first"))


def _leave_one_current(account_ids: Sequence[int]) -> None:
    """The newest row of an account without a current one is its current one."""
    missing = set(account_ids) - set(
        Score.objects.filter(account_id__in=account_ids, superseded_at=None).values_list(
            "account_id", flat=True
        )
    )
    newest = (
        Score.objects.filter(account_id__in=missing).order_by("account_id", "-day").distinct("account_id")
    )
    Score.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(superseded_at=None)
