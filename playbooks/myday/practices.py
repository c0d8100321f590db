"""Practices of active plans: ours that are due, and the customer's that are late."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from csworkspace.web.urls import workspace_url
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import WEEK_DAYS, Item, Kind, Step
from playbooks.myday.words import practice_words
from playbooks.plans.models import PlanState, Practice, Side


def due_practices(view: Viewpoint) -> list[Item]:
    """What was agreed and is not done; one query."""
    return [_item(view, one) for one in _found(view).order_by("due_on", "id")[:CAP]]


def _found(view: Viewpoint) -> QuerySet[Any]:
    """Ours within the week; the customer's from the day after, because until then it is theirs."""
    ours = Q(side=Side.US, due_on__lte=view.today + timedelta(days=WEEK_DAYS))
    found = Practice.objects.filter(
        ours | Q(side=Side.CUSTOMER, due_on__lt=view.today), done_on=None, plan__state=PlanState.ACTIVE
    )
    if view.owner_id is not None:
        found = found.alias(
            who=Coalesce("owner_id", "plan__owner_id", "account__owner_id"),
        ).filter(who=view.owner_id)
    return found.select_related("contact").annotate(keeper=F("owner__user__name"))


def _item(view: Viewpoint, one: Any) -> Item:
    return Item(
        key=f"practice-{one.pk}",
        kind=Kind.DUTY,
        account_id=one.account_id,
        reason=practice_words(one.title, one.due_on, view.today, _whose(view, one)),
        step=_step(view, one),
        due_on=one.due_on,
    )


def _whose(view: Viewpoint, one: Any) -> str:
    if one.side == Side.CUSTOMER:
        return f"{one.contact.name}’s" if one.contact else "the customer’s"
    if view.owner_id is not None and view.owner_id == view.request.membership.pk:
        return "yours"
    return f"{one.keeper}’s" if one.keeper else "ours"


def _step(view: Viewpoint, one: Any) -> Step:
    if not view.may_work:
        return view.link("Open the plan", "plan", one.plan_id, anchor="practices")
    url = workspace_url(view.request, "practice_completions", one.pk)
    return Step("Mark as done", url, posts=True, fields={"done": "yes"})
