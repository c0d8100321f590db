"""One way to change what a plan agrees: locked, compared before and after, recorded with its reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import transaction
from django.db.models import Prefetch

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.web import formats, times
from playbooks.plans.models import Plan, PlanState, Practice, Revision, Side, Target


class PlanConflict(ValueError):
    """Somebody else changed the plan after the person opened the form."""


class PlanClosed(ValueError):
    """A closed plan is history."""


class ReasonMissing(ValueError):
    """An active plan is only changed with a reason."""


class Line(NamedTuple):
    """One thing that a plan agrees, as people read it: what it is, and its terms."""

    label: str
    terms: str


Agreement = dict[tuple[str, int], Line]

CONFLICT = (
    "Somebody else changed this plan after you opened this page. Nothing of yours was saved. "
    "Look at the plan as it is now, and make your change again if it is still needed."
)


SIDES = ("before", "after")


def lock_plan(plan_id: int, version: int | None = None) -> Plan:
    """The plan, locked for the transaction. Raises PlanConflict if it is not at `version`, PlanClosed."""
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    if plan.state == PlanState.CLOSED:
        raise PlanClosed("This plan is closed and stays as it is. Start a new one instead.")
    if version is not None and plan.version != version:
        raise PlanConflict(CONFLICT)
    return plan


@contextmanager
def changing(
    plan: Plan, *, by: Actor, version: int | None = None, reason: str = "", verb: str = "edited"
) -> Iterator[Plan]:
    """Change a plan inside one transaction: what differs afterwards is recorded, and only that.

    A draft changes freely. A change to an active plan becomes a numbered revision and needs a reason
    (ReasonMissing). With `version`, the version the person saw, a change by somebody else in between
    is refused (PlanConflict). No difference leaves no trace.
    """
    with transaction.atomic():
        locked = lock_plan(plan.pk, version)
        before = agreement_of(locked)
        yield locked
        changes = differences(before, agreement_of(locked))
        if changes:
            _keep(locked, changes, by=by, reason=reason.strip(), verb=verb)
        plan.version = locked.version


def _keep(plan: Plan, changes: list[dict[str, str]], *, by: Actor, reason: str, verb: str) -> None:
    plan.version += 1
    plan.save(update_fields=["version"])
    if plan.state == PlanState.ACTIVE:
        if not reason:
            raise ReasonMissing("Say why the plan changes. Both sides will read it in the plan's history.")
        verb = "revised"
        Revision.objects.create(
            account_id=plan.account_id,
            plan=plan,
            number=plan.revisions.count() + 1,
            reason=reason,
            changes=changes,
            actor=by.label[:160],
        )
        announce("standing.changed", by=by, account_ids=[plan.account_id])
    before, after = ({_name(changes, at): one[side] for at, one in enumerate(changes)} for side in SIDES)
    record(verb, plan, by=by, before=before, after={**after, "Reason": reason} if reason else after)


def _name(changes: list[dict[str, str]], at: int) -> str:
    """A change's field for the audit log; the second of the same name gets a number."""
    field = changes[at]["field"]
    same = [one["field"] for one in changes[:at]].count(field)
    return f"{field} ({same + 1})" if same else field


def differences(before: Agreement, after: Agreement) -> list[dict[str, str]]:
    """What differs, in the plan's order: {"field", "before", "after"}; "" where there was or is nothing."""
    changes = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old != new:
            label = (new or old or Line("", "")).label
            changes.append(
                {"field": label, "before": old.terms if old else "", "after": new.terms if new else ""}
            )
    return changes


def agreement_of(plan: Plan) -> Agreement:
    """Everything the plan agrees, as readable lines by kind and id; five queries."""
    plan = Plan.objects.select_related("owner__user", "customer_owner").get(pk=plan.pk)
    lines: Agreement = {
        ("title", 0): Line("Title", plan.title),
        ("dates", 0): Line("Runs", times.day_range(plan.starts_on, plan.ends_on)),
        ("owner", 0): Line("Our owner", str(plan.owner) if plan.owner else ""),
        ("customer", 0): Line("Customer's owner", str(plan.customer_owner) if plan.customer_owner else ""),
    }
    targets = Prefetch("targets", Target.objects.select_related("metric"))
    for objective in plan.objectives.prefetch_related(targets):
        lines["objective", objective.pk] = Line(f"Objective {objective.position}", objective.words)
        for target in objective.targets.all():
            lines["target", target.pk] = Line(f"Target: {target.metric.name}", target_terms(target))
    for practice in plan.practices.select_related("owner__user", "contact"):
        lines["practice", practice.pk] = Line("Practice", practice_terms(practice))
    return lines


def target_terms(target: Target) -> str:
    """A target in words: "from 40 users on 1 Jan 2026 to 60 users by 31 Mar 2026, …"."""
    unit = target.metric.unit
    stops = "".join(
        f", {formats.with_unit(stop.value, unit)} on {times.day(stop.on)}" for stop in target.stops
    )
    return (
        f"from {formats.with_unit(target.baseline, unit)} on {times.day(target.starts_on)} "
        f"to {formats.with_unit(target.value, unit)} by {times.day(target.due_on)}"
        f"{f'; checkpoints{stops[1:]}' if stops else ''}"
    )


def practice_terms(practice: Practice) -> str:
    """A practice in words: "Train new colleagues (customer, Ada Lovelace, by 31 Mar 2026)"."""
    side = "customer" if practice.side == Side.CUSTOMER else "us"
    who = practice.contact if practice.side == Side.CUSTOMER else practice.owner
    parts = [
        side,
        *([str(who)] if who else []),
        *([f"by {times.day(practice.due_on)}"] if practice.due_on else []),
    ]
    return f"{practice.title} ({', '.join(parts)})"
