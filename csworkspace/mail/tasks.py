"""What the clock starts: mails whose moment has come, and those that were left in the middle."""

from celery import shared_task

from csworkspace.audit.actor import SYSTEM
from csworkspace.jobs.actions import start_job
from csworkspace.mail.sending import JOB, doubt_abandoned, due_mails, job_key
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces

# So many mails of a workspace at a time: a server that comes back is not run over.
AT_ONCE = 200


@shared_task(name="mail.sweep")
def sweep() -> None:
    """Start the jobs of waiting mails that are due; a job that is there already is not made twice."""
    for workspace in across_workspaces("send waiting mails"):
        with open_workspace(workspace.id):
            doubt_abandoned()
            for mail_id in due_mails(AT_ONCE):
                start_job(JOB, "Send an e-mail", by=SYSTEM, key=job_key(mail_id), mail_id=mail_id)
