"""Changing very many accounts, part by part."""

from typing import Any

from django.urls import reverse

from accounts.book.bulk import ACTIONS
from accounts.book.bulk_actions import CHUNK, JOB, apply_part
from accounts.changes.fields import ChangeRefused
from accounts.changes.models import ChangeSet
from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.models import Workspace

UNDONE = "The change was undone while it ran. What was changed before is set back, the rest stays as it is."


@job(JOB, stepwise=True)
def change_many(
    run: Run, change_set: int, action: str, ids: list[int], seen: list[str], params: dict[str, Any]
) -> dict[str, Any]:
    """Change the accounts CHUNK at a time; what an interrupted run has looked at is not looked at again.

    seen: the mark of each account's value at the start, in the order of the ids.
    """
    done, marks = 0, list(zip(ids, seen, strict=True))
    while done < len(ids):
        with run.step():
            found = ChangeSet.objects.select_for_update().get(pk=change_set)
            part = dict(marks[found.asked : found.asked + CHUNK])
            if part:
                change_part(run, found, action, part, params)
            done = found.asked
        run.progress(100 * done / len(ids), f"{done:,} of {len(ids):,} accounts")
    with run.step():
        return outcome(ChangeSet.objects.get(pk=change_set))


def change_part(
    run: Run, change_set: ChangeSet, action: str, seen: dict[int, str], params: dict[str, Any]
) -> None:
    """One part. Raises JobRefused for what can never succeed."""
    if change_set.undone_at:
        raise JobRefused(UNDONE)
    try:
        apply_part(change_set, ACTIONS[action], seen, params, by=run.by)
    except ChangeRefused as error:
        raise JobRefused(str(error)) from None


def outcome(change_set: ChangeSet) -> dict[str, Any]:
    """What the job's page says at the end, and where it leads."""
    url = reverse("change_set", args=[Workspace.objects.get().slug, change_set.pk])
    return {"changed": change_set.made, "passed_over": change_set.asked - change_set.made, "url": url}
