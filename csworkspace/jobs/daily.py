"""What the clock starts once a day in each workspace."""

from collections.abc import Iterable

from csworkspace.audit.actor import SYSTEM
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef


def start_once_a_day(workspaces: Iterable[WorkspaceRef], kind: str, title: str) -> None:
    """Start a job of `kind` in each workspace where it has not been started on its present day."""
    for workspace in workspaces:
        with open_workspace(workspace.id):
            key = f"daily:{today()}"
            if not Job.objects.filter(kind=kind, key=key).exists():
                start_job(kind, title, by=SYSTEM, key=key)
