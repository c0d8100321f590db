"""What the clock starts: a workspace's new day, months ahead, statistics, what a lost doorbell left."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.metrics.measuring import waiting_days
from accounts.usage.actions import request_measuring
from accounts.usage.store import collect_statistics, make_months
from csworkspace.audit.actor import SYSTEM
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces

MONTHS_AHEAD = 3


@shared_task(name="accounts.new_day")
def measure_new_day() -> None:
    """Once a day in each workspace's zone: measure what has left the windows; make months ahead."""
    day = timezone.now().date()
    make_months({f"{day + timedelta(days=28 * ahead):%Y-%m}" for ahead in range(MONTHS_AHEAD + 2)})
    for workspace in across_workspaces("measure the new day"):
        with open_workspace(workspace.id):
            key = f"day {today()}"
            if not Job.objects.filter(kind="roll days", key=key).exists():
                start_job("roll days", "Measure the new day", by=SYSTEM, key=key)


@shared_task(name="accounts.event_statistics")
def collect_event_statistics() -> None:
    """Once a day, for all workspaces: what events come in by single calls is counted too."""
    collect_statistics()


@shared_task(name="accounts.measure_waiting")
def measure_waiting() -> None:
    """Start measuring wherever touched days wait and nobody was told of them."""
    for workspace in across_workspaces("measure what waits"):
        with open_workspace(workspace.id):
            if waiting_days():
                request_measuring(SYSTEM)
