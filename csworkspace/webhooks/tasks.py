"""What the clock starts: a look for deliveries that nobody is at any more."""

from celery import shared_task

from csworkspace.audit.actor import SYSTEM
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces
from csworkspace.webhooks.actions import fail_abandoned


@shared_task(name="webhooks.sweep")
def sweep() -> None:
    """Give up deliveries whose job died, so that a person sees them and can retry."""
    for workspace in across_workspaces("find lost deliveries"):
        with open_workspace(workspace.id):
            fail_abandoned(by=SYSTEM)
