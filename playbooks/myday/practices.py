"""Practices of active plans: ours that are due, and the customer's that are late."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from csworkspace.web.urls import workspace_url
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import WEEK_DAYS, Item, Kind, Step
from playbooks.myday.words import late_words, practice_words
from playbooks.plans.models import PlanState, Practice, Side

COLUMNS = ("pk", "account_id", "plan_id", "title", "side", "due_on", "contact__name", "owner__user__name")


def due_practices(view: Viewpoint) -> list[Item]:
    """What was agreed and is not done; one query."""
    return [_item(view, row) for row in _found(view).values_list(*COLUMNS, named=True)[:CAP]]


def _found(view: Viewpoint) -> QuerySet[Practice]:
    """Ours within the week; the customer's from the day after, because until then it is theirs."""
    ours = Q(side=Side.US, due_on__lte=view.today + timedelta(days=WEEK_DAYS))
    theirs = Q(side=Side.CUSTOMER, due_on__lt=view.today)
    found = Practice.objects.filter(ours | theirs, done_on=None, plan__state=PlanState.ACTIVE)
    if view.owner_id is not None:
        found = found.alias(who=Coalesce("owner_id", "plan__owner_id", "account__owner_id"))
        found = found.filter(who=view.owner_id)
    return found.order_by("due_on", "id")


def _item(view: Viewpoint, row: Any) -> Item:
    return Item(
        key=f"practice-{row.pk}",
        kind=Kind.DUTY,
        account_id=row.account_id,
        reason=practice_words(row.title, row.due_on, view.today, _whose(view, row)),
        step=_step(view, row),
        when=late_words(row.due_on, view.today),
        due_on=row.due_on,
    )


def _whose(view: Viewpoint, row: Any) -> str:
    if row.side == Side.CUSTOMER:
        return f"{row.contact__name}’s" if row.contact__name else "the customer’s"
    if view.owner_id is not None and view.owner_id == view.request.membership.pk:
        return "yours"
    return f"{row.owner__user__name}’s" if row.owner__user__name else "ours"


def _step(view: Viewpoint, row: Any) -> Step:
    if not view.may_work:
        return view.link("Open the plan", "plan", row.plan_id, anchor="practices")
    url = workspace_url(view.request, "practice_completions", row.pk)
    return Step("Mark as done", url, posts=True, fields={"done": "yes"})
