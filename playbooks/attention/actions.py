"""Writing how accounts stand into the book of business."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.accounts.models import Account
from accounts.book.actions import Standing, set_standing
from accounts.book.models import LONG_AGO, BookRow, PlanStatus
from accounts.metrics.models import Direction, Metric, MetricKind
from accounts.metrics.queries import Point, values_on
from csworkspace.tenancy.clock import today
from playbooks.attention.scoring import LOOK_BACK_DAYS, Inputs, attention
from playbooks.attention.troubles import troubles_of
from playbooks.frameworks.models import Assessment
from playbooks.plans.standings import PlanStanding, plan_standings

Points = Mapping[tuple[int, int], Point]


@transaction.atomic
def refresh_standing(account_ids: Sequence[int], *, on: date | None = None) -> int:
    """Level, plan status, attention and reasons of these accounts; the number of rows that changed.

    The number of queries does not depend on the number of accounts: give a few hundred at once.
    """
    if not account_ids:
        return 0
    day = on or today()
    # Before anything is read: who waits here then reads what the one before it was called for.
    list(
        Account.objects.select_for_update(no_key=True)
        .filter(pk__in=account_ids)
        .order_by("pk")
        .values_list("pk")
    )
    inputs = gather(account_ids, day)
    return set_standing([_standing(account_id, given) for account_id, given in inputs.items()])


def _standing(account_id: int, given: Inputs) -> Standing:
    score, reasons = attention(given)
    return Standing(
        account_id=account_id,
        level=-1 if given.level is None else given.level,
        plan_status=given.plan_status,
        attention=score,
        reasons=[{"text": reason.text, "weight": reason.weight} for reason in reasons],
    )


def gather(account_ids: Sequence[int], day: date) -> dict[int, Inputs]:
    """What the score is made of, by account; nine queries."""
    headline = Metric.objects.filter(is_headline=True).first()
    now, before = _headline(account_ids, headline, day)
    plans = plan_standings(account_ids, day)
    levels = _levels(account_ids, day)
    signals = troubles_of(account_ids)
    active = dict(
        BookRow.objects.filter(account_id__in=account_ids).values_list("account_id", "last_active_on")
    )
    return {
        account.pk: Inputs(
            today=day,
            stage=account.stage,
            created_on=account.created_at.date(),
            plan_status=_plan_status(plans.get(account.pk)),
            headline_name=headline.name if headline else "",
            headline=now.get(account.pk),
            headline_before=before.get(account.pk),
            headline_counts=headline is None or headline.kind == MetricKind.USAGE,
            up_is_good=headline is None or headline.direction == Direction.UP,
            last_active_on=_known(active.get(account.pk)),
            renewal_on=account.renewal_on,
            **levels.get(account.pk, {}),
            **signals.get(account.pk, {}),
        )
        for account in Account.objects.filter(pk__in=account_ids).order_by("pk")
    }


def _plan_status(standing: PlanStanding | None) -> PlanStatus:
    return standing.status if standing else PlanStatus.NONE


def _known(day: date | None) -> date | None:
    return None if day is None or day == LONG_AGO else day


def _headline(
    account_ids: Sequence[int], metric: Metric | None, day: date
) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """The headline metric today and four weeks before, by account; two queries."""
    if metric is None:
        return {}, {}
    now = values_on(account_ids, [metric.pk], day)
    before = values_on(account_ids, [metric.pk], day - timedelta(days=LOOK_BACK_DAYS))
    return _by_account(now), _by_account(before)


def _by_account(points: Points) -> dict[int, Decimal]:
    return {account_id: point.value for (account_id, _), point in points.items()}


def _levels(account_ids: Sequence[int], day: date) -> dict[int, dict[str, Any]]:
    """The level now and four weeks before on the same framework, by account; one query."""
    since = day - timedelta(days=LOOK_BACK_DAYS)
    rows = (
        Assessment.objects.filter(account_id__in=account_ids)
        .filter(Q(superseded_at=None) | Q(superseded_at__date__gt=since))
        .order_by("account_id", "-id")
        .values_list("account_id", "framework_id", "level", "assessed_at__date")
    )
    found: dict[int, dict[str, Any]] = {}
    frameworks: dict[int, int] = {}
    for account_id, framework_id, level, assessed_on in rows:
        if account_id not in found:
            found[account_id], frameworks[account_id] = {"level": level}, framework_id
        elif assessed_on <= since and framework_id == frameworks[account_id]:
            # Of those still open after `since`, the newest that began before it was current then.
            found[account_id].setdefault("level_before", level)
    return found
