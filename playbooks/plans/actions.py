"""The life of a plan: made, activated, shared, closed. What it agrees is changed in `content`."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.people.models import Membership
from playbooks.benchmarks.models import Benchmark
from playbooks.plans.change import changing, lock_plan
from playbooks.plans.models import Objective, Plan, PlanState
from playbooks.plans.progress import check_days


class NotReady(ValueError):
    """A draft cannot become active yet; `problems` are sentences that say what is missing."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class NotDraft(ValueError):
    """Something only a draft allows."""


@transaction.atomic
def create_plan(
    account: Account,
    *,
    by: Actor,
    title: str,
    starts_on: date,
    ends_on: date,
    owner: Membership | None = None,
    customer_owner: Contact | None = None,
    benchmark: Benchmark | None = None,
) -> Plan:
    """A draft. Raises ValueError if it ends before it starts, or the contact is of another account."""
    check_head(account.pk, starts_on, ends_on, customer_owner)
    plan = Plan.objects.create(
        account=account,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        owner=owner,
        customer_owner=customer_owner,
        benchmark=benchmark,
    )
    record("drafted", plan, by=by, after={"account": account.name, "runs": [starts_on, ends_on]})
    return plan


def check_head(account_id: int, starts_on: date, ends_on: date, customer_owner: Contact | None) -> None:
    """Raise ValueError with a sentence if dates or people do not fit together."""
    check_days(starts_on, ends_on)
    if ends_on <= starts_on:
        raise ValueError("The plan must end after it starts.")
    if customer_owner and customer_owner.account_id != account_id:
        raise ValueError("The customer's owner must be a contact of this account.")


def edit_plan(
    plan: Plan,
    *,
    by: Actor,
    title: str,
    starts_on: date,
    ends_on: date,
    owner: Membership | None,
    customer_owner: Contact | None,
    version: int | None = None,
    reason: str = "",
) -> None:
    """Change title, dates and owners; see `changing` for what it raises."""
    check_head(plan.account_id, starts_on, ends_on, customer_owner)
    with changing(plan, by=by, version=version, reason=reason) as locked:
        locked.title, locked.starts_on, locked.ends_on = title, starts_on, ends_on
        locked.owner, locked.customer_owner = owner, customer_owner
        locked.save()


@transaction.atomic
def activate_plan(plan: Plan, *, by: Actor, version: int | None = None) -> Plan:
    """Follow the plan from now on. Raises NotReady, NotDraft, PlanConflict, PlanClosed."""
    locked = lock_plan(plan.pk, version)
    if locked.state != PlanState.DRAFT:
        raise NotDraft("This plan is active already.")
    # Two drafts of one account must not both find the place free.
    Account.objects.select_for_update().get(pk=locked.account_id)
    problems = problems_of(locked)
    if problems:
        raise NotReady(problems)
    locked.state = PlanState.ACTIVE
    locked.version += 1
    locked.save()
    record("activated", locked, by=by)
    announce("standing.changed", by=by, account_ids=[locked.account_id])
    return locked


def problems_of(plan: Plan) -> list[str]:
    """What keeps a draft from becoming active, as sentences; three queries."""
    problems = []
    objectives = list(Objective.objects.filter(plan=plan).prefetch_related("targets"))
    if not objectives:
        problems.append("Add at least one objective, in the customer's words.")
    problems += [
        f"Objective {objective.position} has no target: add a number that will show whether it is reached."
        for objective in objectives
        if not objective.targets.all()
    ]
    if plan.owner_id is None:
        problems.append("Name who owns the plan on our side.")
    other = Plan.objects.filter(account_id=plan.account_id, state=PlanState.ACTIVE).first()
    if other:
        problems.append(
            f"Close the active plan “{other.title}” first: an account follows one plan at a time."
        )
    return problems


@transaction.atomic
def share_plan(plan: Plan, *, by: Actor) -> Plan:
    """Show an active plan to the customer. Raises NotReady for a draft; sharing twice changes nothing."""
    locked = lock_plan(plan.pk)
    if locked.state == PlanState.DRAFT:
        raise NotReady(["Activate the plan before you share it with the customer."])
    if locked.shared_at is None:
        locked.shared_at = timezone.now()
        locked.save(update_fields=["shared_at"])
        record("shared", locked, by=by)
    return locked


@transaction.atomic
def stop_sharing(plan: Plan, *, by: Actor) -> Plan:
    """Hide the plan from the customer again; a closed one too, which `lock_plan` would refuse."""
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.shared_at is not None:
        locked.shared_at = None
        locked.save(update_fields=["shared_at"])
        record("stopped sharing", locked, by=by)
    return locked


@transaction.atomic
def close_plan(plan: Plan, *, by: Actor, note: str, version: int | None = None) -> Plan:
    """End an active plan with a note on how it went. Raises NotReady for a draft or without a note."""
    locked = lock_plan(plan.pk, version)
    if locked.state == PlanState.DRAFT:
        raise NotReady(["A draft is discarded, not closed."])
    if not note.strip():
        raise NotReady(["Say how the plan ended: what was reached, and what was learned."])
    locked.state, locked.closed_at, locked.closing_note = PlanState.CLOSED, timezone.now(), note.strip()
    locked.version += 1
    locked.save()
    record("closed", locked, by=by, after={"note": locked.closing_note})
    announce("standing.changed", by=by, account_ids=[locked.account_id])
    return locked


@transaction.atomic
def discard_plan(plan: Plan, *, by: Actor) -> None:
    """Delete a draft. Raises NotDraft for a plan that was ever active."""
    locked = lock_plan(plan.pk)
    if locked.state != PlanState.DRAFT:
        raise NotDraft("Only a draft can be discarded. Close the plan instead.")
    record("discarded", locked, by=by, before={"title": locked.title})
    locked.delete()
