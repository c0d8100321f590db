"""What follows when mails and deliveries have ended: steps go on, and owners learn of what came back."""

import re
from functools import partial
from typing import Any

from csworkspace.events.registry import announce
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.mail.models import MailState
from csworkspace.notifications.actions import notify
from csworkspace.webhooks.models import WebhookDelivery
from playbooks.messages import webhook_steps
from playbooks.messages.models import Message
from playbooks.messages.steps import ending
from playbooks.messages.waiting import follow_contacts
from playbooks.messages.webhook_steps import KEY
from playbooks.playbooks.steps import Ended, Failed
from playbooks.plays.owners import first_here

CAME_BACK = "message_came_back"
STEP_KEY = re.compile(rf"{KEY} (\d{{1,18}})")


@job("messages.mail_ended", background=True)
def mail_ended(run: Run, mail_id: int) -> dict[str, Any]:
    """A mail is over: the step that waits for it may be, too."""
    found = Message.objects.select_related("mail", "account", "step__play__playbook_version")
    message = found.filter(mail_id=mail_id).first()
    if message is None:
        return {"message": None}
    if message.mail.state in (MailState.BOUNCED, MailState.FAILED):
        _tell_owner(message)
    if message.step is None:
        return {"message": message.pk}
    states = list(Message.objects.filter(step_id=message.step_id).values_list("mail__state", flat=True))
    over = ending(message.step, states)
    _end_step(run, message.step.pk, over)
    return {"message": message.pk, "ended": over is not None}


@job("messages.mail_doubted", background=True)
def mail_doubted(run: Run, mail_id: int) -> dict[str, Any]:
    """Whether a mail left is not known: who wrote it decides, and so has to hear of it."""
    found = Message.objects.select_related("mail", "account")
    message = found.filter(mail_id=mail_id, mail__state=MailState.UNCERTAIN).first()
    if message is not None:
        moment = message.mail.sending_since.isoformat() if message.mail.sending_since else ""
        _tell_owner(message, "may not have arrived: decide whether to send it again", moment)
    return {"message": message.pk if message else None}


def _tell_owner(message: Message, what: str = "did not arrive", which: str = "") -> None:
    """Who wrote, else whose account it is, else the managers, learn what became of it."""
    notify(
        first_here(message.sender, message.account.owner),
        CAME_BACK,
        f"Your e-mail to {message.recipient} {what}"[:200],
        key=f"message {message.pk} {message.mail.state} {which}".strip(),
        text=message.mail.error,
        page="message",
        page_args=[message.pk],
    )


@job("messages.contacts", background=True)
def contacts_changed(run: Run, account_ids: list[int]) -> dict[str, Any]:
    """People left or have another address: what waits for them must not go to the old one."""
    return {"concerned": follow_contacts(account_ids, by=run.by)}


@job("messages.webhook_ended", background=True)
def webhook_ended(run: Run, delivery_id: int) -> dict[str, Any]:
    """A delivery is over: the step that made it goes on, or waits for a person."""
    delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=delivery_id)
    step = STEP_KEY.fullmatch(delivery.key)
    if step is None:
        return {"step": None}
    _end_step(run, int(step[1]), webhook_steps.ending(delivery))
    return {"step": int(step[1])}


def _end_step(run: Run, step_id: int, over: Ended | Failed | None) -> None:
    """Tell the play what its step has come to, if it has come to an end."""
    tell = partial(announce, "plays.step_ended", by=run.by, step_id=step_id)
    if isinstance(over, Failed):
        tell(outcome="", note="", error=over.error)
    elif over is not None:
        tell(outcome=over.outcome, note=over.note, error="")
