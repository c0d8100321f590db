"""What the clock starts: the digests whose hour has come."""

from celery import shared_task
from django.utils import timezone

from csworkspace.audit.actor import SYSTEM
from csworkspace.jobs.actions import start_job
from csworkspace.notifications.digest import clocks_of, due_members
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces
from csworkspace.tenancy.models import Workspace

# The kind of job, see `jobs.py`.
KIND = "notifications.digest"


@shared_task(name="notifications.digests")
def start_digests() -> None:
    """Start the job in every workspace where somebody's digest is due; one at a time for each."""
    for workspace in across_workspaces("daily digests"):
        with open_workspace(workspace.id):
            if due_members(clocks_of(Workspace.objects.get(), timezone.now())):
                start_job(KIND, "Send the daily digests", by=SYSTEM, key="digest")
