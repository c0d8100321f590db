"""Renewals that are near without a plan, and those whose date has passed."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accounts.accounts.models import Stage
from accounts.book.models import BookRow, PlanStatus
from csworkspace.web import times
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind, Step
from playbooks.myday.words import renewal_words
from playbooks.plans.models import Plan, PlanState

NEAR_DAYS = 90


def bare_renewals(view: Viewpoint) -> list[Item]:
    """Accounts that renew within 90 days and follow no plan, or should have renewed; two queries."""
    rows = list(_found(view).values_list("account_id", "renewal_on")[:CAP])
    drafts = Plan.objects.filter(account_id__in=[pk for pk, _ in rows], state=PlanState.DRAFT)
    drafted = set(drafts.values_list("account_id", flat=True))
    return [_item(view, pk, renewal_on, has_draft=pk in drafted) for pk, renewal_on in rows]


def _found(view: Viewpoint) -> QuerySet[BookRow]:
    near = timedelta(days=NEAR_DAYS)
    passed = Q(renewal_on__lt=view.today, renewal_on__gte=view.today - near)
    bare = Q(renewal_on__gte=view.today, renewal_on__lte=view.today + near, plan_status=PlanStatus.NONE)
    rows = BookRow.objects.filter(passed | bare).exclude(stage=Stage.CHURNED)
    if view.owner_id is not None:
        rows = rows.filter(owner_id=view.owner_id)
    return rows.order_by("renewal_on", "account_id")


def _item(view: Viewpoint, account_id: int, renewal_on: date, *, has_draft: bool) -> Item:
    return Item(
        key=f"renewal-{account_id}",
        kind=Kind.RENEWAL,
        account_id=account_id,
        reason=renewal_words(renewal_on, view.today, has_draft=has_draft),
        step=_step(view, account_id, renewal_on, has_draft=has_draft),
        when=times.day_short(renewal_on, view.today),
        due_on=renewal_on,
    )


def _step(view: Viewpoint, account_id: int, renewal_on: date, *, has_draft: bool) -> Step:
    if not view.may_work:
        return view.link("Open the account", "account", account_id)
    if renewal_on < view.today:
        return view.link("Set the next date", "account_edit", account_id)
    if has_draft:
        return view.link("Open the draft", "account_plan", account_id)
    return view.link("Make a plan", "plan_new", account_id)
