"""Running a bulk action: at once for a few hundred accounts, as a job for more."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.book.bulk import BulkAction, Params, Plan, plan_changes
from accounts.changes.actions import append_changes, open_changes
from accounts.changes.models import ChangeSet
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job

CHUNK = 500
JOB = "book.bulk"


class Outdated(ValueError):
    """What would be changed now is not what the person saw."""


@transaction.atomic
def run_bulk(
    action: BulkAction, ids: Sequence[int], params: dict[str, Any], *, by: Actor, previewed: str = ""
) -> tuple[ChangeSet | None, Job | None]:
    """Change the accounts; more than CHUNK in a job. Nothing to change leaves no change set.

    `previewed`: the fingerprint of the plan that the person saw, "" if they saw none. A job takes along
    what the values were, and passes over who has another one when it comes to them.
    Raises Outdated and ChangeRefused, with nothing changed.
    """
    plan = plan_changes(action, ids, params)
    if not plan.changes:
        return None, None
    if previewed and plan.fingerprint != previewed:
        raise Outdated("Some of these accounts were changed after they had been looked at.")
    reason = params.get("reason", "")
    change_set = open_changes("bulk", action.title(params), by=by, reason=reason)
    if len(ids) <= CHUNK:
        apply_plan(change_set, plan, len(ids), by=by)
        return change_set, None
    args: dict[str, Any] = {
        "change_set": change_set.pk,
        "action": action.name,
        "ids": list(ids),
        "seen": [plan.marks.get(pk, "") for pk in ids],
        "params": params,
    }
    return change_set, start_job(JOB, f"{change_set.title}: {len(ids):,} accounts", by=by, **args)


@transaction.atomic
def apply_part(
    change_set: ChangeSet, action: BulkAction, seen: Mapping[int, str], params: Params, *, by: Actor
) -> int:
    """Change some accounts as a part of a change set, if their values have the marks that were seen.

    How many were changed. Raises ChangeRefused.
    """
    return apply_plan(change_set, plan_changes(action, list(seen), params, seen), len(seen), by=by)


def apply_plan(change_set: ChangeSet, plan: Plan, looked_at: int, *, by: Actor) -> int:
    """Make what is planned for that many accounts; how many were changed. Raises ChangeRefused."""
    passed = {reason: len(names) for reason, names in plan.passed.items()}
    return len(append_changes(change_set, plan.changes, by=by, looked_at=looked_at, passed=passed))
