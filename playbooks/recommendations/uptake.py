"""Whether customers do what was recommended: shown by use of features, or by a behaviour that holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.usage.features import listed
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import day_in
from csworkspace.tenancy.models import Workspace
from csworkspace.web.formats import plural
from csworkspace.web.times import day
from playbooks.frameworks.models import Assessment
from playbooks.recommendations.actions import expire_recommendation, take_up
from playbooks.recommendations.models import UNANSWERED, Recommendation

# How long after its day a recommendation may still be taken up.
GRACE_DAYS = 14
USED = f"""
select rec.id, min(event.occurred_at), count(distinct event.user_key),
    (array_agg(event.feature order by event.occurred_at))[1]
from playbooks_recommendation rec
join accounts_event event on event.account_id = rec.account_id and event.occurred_at > rec.shared_at
    and event.occurred_at <= %(now)s
where rec.id = any(%(ids)s) and {listed("rec.features", "event.feature")}
group by rec.id
"""


@dataclass(frozen=True)
class Shown:
    """What shows that a recommendation was taken up, and since when."""

    on: date
    words: str


def check_uptake(account_ids: Collection[int] | None, *, by: Actor) -> int:
    """Mark what the data show to be taken up, of these accounts (None: of all); how many were.

    Three queries, and some for each one that is marked.
    """
    found = Recommendation.objects.filter(state__in=UNANSWERED).select_related("behaviour")
    if account_ids is not None:
        found = found.filter(account_id__in=account_ids)
    tracked = [one for one in found.order_by("id") if one.features or one.behaviour_id]
    if not tracked:
        return 0
    shown = {**shown_by_behaviours(tracked), **shown_by_features(tracked)}
    marked = [
        take_up(one, by=by, shown_by=shown[one.pk].words, on=shown[one.pk].on)
        for one in tracked
        if one.pk in shown
    ]
    return sum(marked)


def shown_by_features(tracked: Iterable[Recommendation]) -> dict[int, Shown]:
    """Recommendation id → its first use after it was shared; two queries."""
    ids = [one.pk for one in tracked if one.features]
    if not ids:
        return {}
    workspace = Workspace.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(USED, {"ids": ids, "now": timezone.now()})
        rows: list[tuple[int, datetime, int, str]] = cursor.fetchall()
    found = {}
    for pk, first, people, feature in rows:
        on = day_in(workspace, first)
        found[pk] = Shown(
            on, f"{feature} was used on {day(on)}; by {plural(people, 'person', 'people')} so far"
        )
    return found


def shown_by_behaviours(tracked: Iterable[Recommendation]) -> dict[int, Shown]:
    """Recommendation id → the behaviour that holds by the current assessment; two queries."""
    wanted = {one.pk: one for one in tracked if one.behaviour_id}
    if not wanted:
        return {}
    accounts = {one.account_id for one in wanted.values()}
    current = Assessment.objects.filter(account_id__in=accounts, superseded_at=None)
    holding = {
        (row.account_id, fact["lineage"]) for row in current for fact in row.evidence if fact.get("holds")
    }
    workspace, now = Workspace.objects.get(), timezone.now()
    return {
        pk: Shown(day_in(workspace, now), f"“{one.behaviour}” holds by the maturity assessment")
        for pk, one in wanted.items()
        if one.behaviour and (one.account_id, str(one.behaviour.lineage)) in holding
    }


def expire_late(on: date, *, by: Actor) -> int:
    """End what was not taken up until some days after it was due; how many."""
    late = Recommendation.objects.filter(state__in=UNANSWERED, due_on__lt=on - timedelta(days=GRACE_DAYS))
    return sum(expire_recommendation(one, by=by) for one in late.order_by("id"))
