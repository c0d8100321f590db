"""What the clock starts: one keyed job per workspace and day, in its morning."""

from zoneinfo import ZoneInfo

from celery import shared_task
from django.utils import timezone

from csworkspace.jobs.daily import start_once_a_day
from csworkspace.tenancy.clock import zone
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef, across_workspaces

# The kind of job, see `jobs.py`.
REMINDERS = "tasks.reminders"
# Mails at once should not wake anybody.
MORNING = 6


@shared_task(name="playbooks.task_reminders")
def start_reminders() -> None:
    """Start the day's reminders in every workspace where it is morning and they have not been started."""
    ready = [one for one in across_workspaces("daily reminders of tasks") if is_up(one)]
    start_once_a_day(ready, REMINDERS, "Remind of tasks that are due")


def is_up(workspace: WorkspaceRef) -> bool:
    """Whether the clocks there show the morning or later."""
    with open_workspace(workspace.id):
        return timezone.now().astimezone(ZoneInfo(zone())).hour >= MORNING
