"""What the clock starts: one keyed job per workspace and day."""

from celery import shared_task

from csworkspace.audit.actor import SYSTEM
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces

KIND = "segments.daily"


@shared_task(name="accounts.segments_daily")
def start_daily() -> None:
    """Start the day's refresh in every workspace where it has not been started yet."""
    for workspace in across_workspaces("daily segments"):
        with open_workspace(workspace.id):
            key = f"daily:{today()}"
            if not Job.objects.filter(kind=KIND, key=key).exists():
                start_job(KIND, "Refresh segments", by=SYSTEM, key=key)
