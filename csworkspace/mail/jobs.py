"""Sending one mail: claimed, said to the server outside of a transaction, and marked."""

from functools import partial
from typing import Any

from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.mail.composing import compose
from csworkspace.mail.sending import JOB, claim_mail, settle_mail
from csworkspace.mail.transport import deliver
from csworkspace.tenancy.models import Workspace


@job(JOB, stepwise=True, background=True)
def send(run: Run, mail_id: int, now: bool = False) -> dict[str, Any]:
    """Send a mail at most once: a run that follows one which died in the middle sends nothing."""
    with run.step():
        mail = claim_mail(mail_id, now=now)
        workspace = Workspace.objects.get()
    if mail is None:
        return {"sent": False}
    outcome = deliver(partial(compose, mail, workspace), to_files=workspace.is_demo)
    with run.step():
        settled = settle_mail(mail_id, outcome, by=run.by)
    return {"sent": settled.sent_at is not None, "state": settled.state}
