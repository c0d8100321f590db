"""Undoing a change of very many accounts."""

from typing import Any

from django.urls import reverse

from accounts.changes.actions import UNDO_JOB, undo_changes
from accounts.changes.models import ChangeSet
from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.models import Workspace


@job(UNDO_JOB)
def undo_many(run: Run, change_set: int) -> dict[str, Any]:
    """Set a change set back, all of it or, if this run dies, nothing yet."""
    run.progress(10, "Setting the values back")
    try:
        undone = undo_changes(ChangeSet.objects.get(pk=change_set), by=run.by)
    except ValueError as error:
        raise JobRefused(str(error)) from None
    url = reverse("change_set", args=[Workspace.objects.get().slug, change_set])
    return {"set_back": undone.undone, "of": undone.made, "url": url}
