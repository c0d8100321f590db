"""What the clock starts: waits that are over, and one keyed job per workspace and day."""

from celery import shared_task

from csworkspace.audit.actor import SYSTEM
from csworkspace.jobs.daily import start_once_a_day
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces
from playbooks.plays.queries import due_plays
from playbooks.plays.starting import advance_soon

KIND = "plays.daily"
# More that are due at once wait for the next look.
MOST = 10_000


@shared_task(name="playbooks.wake_plays")
def wake_plays() -> None:
    """Start moving on what has waited long enough; a second clock joins the jobs of the first."""
    for workspace in across_workspaces("waits of plays that are over"):
        with open_workspace(workspace.id):
            advance_soon(due_plays(MOST), by=SYSTEM, key="due")


@shared_task(name="playbooks.plays_daily")
def start_daily() -> None:
    """Start the day's look at triggers in every workspace where it has not been started yet."""
    start_once_a_day(across_workspaces("daily plays"), KIND, "Look what playbooks are to start")
