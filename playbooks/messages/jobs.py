"""What follows when mails and deliveries have ended: steps go on, and owners learn of what came back."""

import re
from typing import Any

from csworkspace.events.registry import announce
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.mail.models import MailState
from csworkspace.notifications.actions import notify
from csworkspace.webhooks.models import DeliveryState, WebhookDelivery
from playbooks.messages.models import Message
from playbooks.messages.steps import settled
from playbooks.messages.webhook_steps import DELIVERED, KEY
from playbooks.plays.owners import first_here

CAME_BACK = "message_came_back"
STEP_KEY = re.compile(rf"{KEY} (\d{{1,18}})")


@job("messages.mail_ended", background=True)
def mail_ended(run: Run, mail_id: int) -> dict[str, Any]:
    """A mail is over: the step that waits for it may be, too."""
    found = Message.objects.select_related("mail", "account", "step")
    message = found.filter(mail_id=mail_id).first()
    if message is None:
        return {"message": None}
    if message.mail.state in (MailState.BOUNCED, MailState.FAILED):
        _tell_owner(message)
    if message.step_id is None:
        return {"message": message.pk}
    states = list(Message.objects.filter(step_id=message.step_id).values_list("mail__state", flat=True))
    over = settled(states)
    if over is not None:
        outcome, note = over
        announce("plays.step_ended", by=run.by, step_id=message.step_id, outcome=outcome, note=note, error="")
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


@job("messages.webhook_ended", background=True)
def webhook_ended(run: Run, delivery_id: int) -> dict[str, Any]:
    """A delivery is over: the step that made it goes on, or waits for a person."""
    delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=delivery_id)
    step = STEP_KEY.fullmatch(delivery.key)
    if step is None:
        return {"step": None}
    taken = delivery.state == DeliveryState.DELIVERED
    error = "" if taken else f"{delivery.endpoint} did not take it: {delivery.answer}"[:500]
    announce(
        "plays.step_ended", by=run.by, step_id=int(step[1]), outcome=DELIVERED if taken else "",
        note="", error=error,
    )  # fmt: skip
    return {"step": int(step[1])}
