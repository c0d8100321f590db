"""What the clock starts: one keyed job per workspace and day."""

from celery import shared_task

from csworkspace.jobs.daily import start_once_a_day
from csworkspace.tenancy.door import across_workspaces

KIND = "indicators.daily"


@shared_task(name="playbooks.indicators_daily")
def start_daily() -> None:
    """Start the day's evaluation in every workspace where it has not been started yet."""
    start_once_a_day(across_workspaces("daily indicators"), KIND, "Evaluate indicators")
