"""Services that are owed and not delivered: late, due, or due soon."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.accounts.models import Stage
from accounts.tiers.models import DeliveredBy
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import WEEK_DAYS, Item, Kind, Step
from playbooks.myday.words import owed_words, request_words
from playbooks.services.queries import not_delivered
from playbooks.services.status import last_day

# Rows without their objects: there may be hundreds of them.
COLUMNS = ("pk", "account_id", "service__name", "subject", "due_on", "grace_days", "answer_by")


def owed_services(view: Viewpoint) -> list[Item]:
    """What a person has to deliver and can still deliver; what was missed is history. One query.

    What is late when an account churns stays late, but nobody is to do it any more.
    """
    found = (
        not_delivered()
        .filter(
            delivered_by=DeliveredBy.PERSON,
            starts_on__lte=view.today,
            due_on__lte=view.today + timedelta(days=WEEK_DAYS),
            missed_after__gte=view.today,
        )
        .exclude(account__stage=Stage.CHURNED)
    )
    if view.owner_id is not None:
        found = found.filter(owner_id=view.owner_id)
    rows = found.order_by("due_on", "id").values_list(*COLUMNS, named=True)[:CAP]
    now = timezone.now()
    return [_request(view, row, now) if row.answer_by else _service(view, row) for row in rows]


def _service(view: Viewpoint, row: Any) -> Item:
    until = last_day(row)
    return Item(
        key=f"service-{row.pk}",
        kind=Kind.DUTY,
        account_id=row.account_id,
        reason=owed_words(row.service__name, row.due_on, until, view.today),
        step=_deliver(view, row),
        when=times.day_short(row.due_on, view.today),
        due_on=row.due_on,
        in_time_until=until,
    )


def _deliver(view: Viewpoint, row: Any) -> Step:
    if not view.may_work:
        return view.link("Open the service", "occurrence", row.pk)
    url = workspace_url(view.request, "occurrence_deliveries", row.pk)
    return Step("Mark as done", url, posts=True, fields={"delivered_on": view.today.isoformat()})


def _request(view: Viewpoint, row: Any, now: datetime) -> Item:
    """A question of the customer: it is late from the promised hour on, and answered at an hour."""
    on_time = row.due_on if now <= row.answer_by else min(row.due_on, view.today - timedelta(days=1))
    zone = view.request.workspace.timezone
    return Item(
        key=f"service-{row.pk}",
        kind=Kind.DUTY,
        account_id=row.account_id,
        reason=request_words(row.subject, row.answer_by, now, zone),
        when=times.moment(row.answer_by, zone),
        step=view.link("Answer it" if view.may_work else "Open the service", "occurrence", row.pk),
        due_on=row.due_on,
        in_time_until=on_time,
    )
