"""Sending an invitation's mail."""

from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string

from csworkspace.invitations.tokens import hash_token, link_of, new_token
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.people.models import Invitation
from csworkspace.web.times import day


@job("invitations.send")
def send(run: Run, invitation_id: int) -> dict[str, Any]:
    """Draw the mailed secret, keep its hash, and send it; nothing if the invitation is closed."""
    invitation = Invitation.objects.select_related("workspace", "invited_by__user").get(pk=invitation_id)
    if not invitation.is_open:
        return {"sent": False}
    token = new_token(run.workspace_id)
    invitation.token_hash = hash_token(token)
    invitation.save(update_fields=["token_hash"])
    context = {"invitation": invitation, "link": link_of(token), "until": day(invitation.expires_at.date())}
    subject = f"{invitation.invited_by} invites you to {invitation.workspace} on CS Workspace"
    body = render_to_string("invitations/mail.txt", context)
    send_mail(" ".join(subject.split()), body, None, [invitation.email])
    return {"sent": True}
