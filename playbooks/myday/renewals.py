"""Renewals that are near without a plan, and those whose date has passed."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.accounts.models import Stage
from accounts.book.models import BookRow, PlanStatus
from csworkspace.web import times
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind, Step
from playbooks.myday.words import renewal_words
from playbooks.plans.models import Plan, PlanState

NEAR_DAYS = 90


def bare_renewals(view: Viewpoint) -> list[Item]:
    """Accounts that renew within 90 days and follow no plan, or should have renewed; one query."""
    near = timedelta(days=NEAR_DAYS)
    passed = Q(renewal_on__lt=view.today, renewal_on__gte=view.today - near)
    bare = Q(renewal_on__gte=view.today, renewal_on__lte=view.today + near, plan_status=PlanStatus.NONE)
    drafts = Plan.objects.filter(account_id=OuterRef("account_id"), state=PlanState.DRAFT)
    rows = BookRow.objects.filter(passed | bare).exclude(stage=Stage.CHURNED)
    if view.owner_id is not None:
        rows = rows.filter(owner_id=view.owner_id)
    found = rows.annotate(has_draft=Exists(drafts)).order_by("renewal_on", "account_id")
    columns = found.values_list("account_id", "renewal_on", "has_draft", named=True)
    return [_item(view, row) for row in columns[:CAP]]


def _item(view: Viewpoint, row: Any) -> Item:
    return Item(
        key=f"renewal-{row.account_id}",
        kind=Kind.RENEWAL,
        account_id=row.account_id,
        reason=renewal_words(row.renewal_on, view.today, has_draft=row.has_draft),
        step=_step(view, row),
        when=times.day_short(row.renewal_on, view.today),
        due_on=row.renewal_on,
    )


def _step(view: Viewpoint, row: Any) -> Step:
    if not view.may_work:
        return view.link("Open the account", "account", row.account_id)
    if row.renewal_on < view.today:
        return view.link("Set the next date", "account_edit", row.account_id)
    if row.has_draft:
        return view.link("Open the draft", "account_plan", row.account_id)
    return view.link("Make a plan", "plan_new", row.account_id)
