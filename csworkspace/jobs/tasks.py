"""The doorbell's side: Celery tasks that carry ids and nothing else."""

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from csworkspace.jobs import ledger
from csworkspace.jobs.actions import ring, tidy_jobs
from csworkspace.jobs.pulse import PULSE_KEY, note_pulse
from csworkspace.jobs.runner import run_job
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces

__all__ = ["PULSE_KEY", "pulse", "reap", "run", "tidy"]


@shared_task(name="jobs.run")
def run(workspace_id: int, job_id: int) -> None:
    """Run one job of one workspace."""
    run_job(workspace_id, job_id, heartbeat=True)


@shared_task(name="jobs.reap")
def reap() -> None:
    """Send abandoned, due and never-sent jobs again."""
    for workspace in across_workspaces("reap jobs"):
        with open_workspace(workspace.id):
            due = ledger.reap()
        for job_id in due:
            ring(workspace.id, job_id)


@shared_task(name="jobs.tidy")
def tidy() -> None:
    """Remove old sessions, and jobs that ended well long ago; what they did stays in the audit log."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    for workspace in across_workspaces("tidy jobs"):
        with open_workspace(workspace.id):
            tidy_jobs(settings.JOB_KEEP_DAYS)


@shared_task(name="jobs.pulse")
def pulse() -> None:
    """Prove that a worker consumes."""
    note_pulse()
