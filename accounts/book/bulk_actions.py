"""Running a bulk action: at once for a few hundred accounts, as a job for more."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.book.bulk import BulkAction, Params, plan_changes
from accounts.changes.actions import append_changes, open_changes
from accounts.changes.models import ChangeSet
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job

CHUNK = 500
JOB = "book.bulk"


@transaction.atomic
def run_bulk(
    action: BulkAction, ids: Sequence[int], params: dict[str, Any], *, by: Actor
) -> tuple[ChangeSet | None, Job | None]:
    """Change the accounts; more than CHUNK in a job. Nothing to change leaves no change set.

    Raises ChangeRefused, with nothing changed.
    """
    if len(ids) <= CHUNK and not plan_changes(action, ids, params).changes:
        return None, None
    reason = params.get("reason", "")
    change_set = open_changes("bulk", action.title(params), by=by, reason=reason)
    if len(ids) <= CHUNK:
        apply_part(change_set, action, ids, params, by=by)
        return change_set, None
    args: dict[str, Any] = {
        "change_set": change_set.pk,
        "action": action.name,
        "ids": list(ids),
        "params": params,
    }
    return change_set, start_job(JOB, f"{change_set.title}: {len(ids):,} accounts", by=by, **args)


@transaction.atomic
def apply_part(
    change_set: ChangeSet, action: BulkAction, ids: Sequence[int], params: Params, *, by: Actor
) -> int:
    """Change some accounts as a part of a change set; how many were changed. Raises ChangeRefused."""
    plan = plan_changes(action, ids, params)
    passed = {reason: len(names) for reason, names in plan.passed.items()}
    return len(append_changes(change_set, plan.changes, by=by, looked_at=len(ids), passed=passed))
