"""E-mails that are written and wait: taken back, paused with their play, sent to where their contact is."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from csworkspace.audit.actor import Actor
from csworkspace.mail.actions import cancel_mail, pause_mail, readdress_mail, resume_mail
from csworkspace.mail.addresses import MailRefused
from csworkspace.mail.models import NOT_LEFT
from csworkspace.tenancy.database import lock_in_workspace
from playbooks.messages.models import Message
from playbooks.messages.timing import Leaving, leaving_times
from playbooks.playbooks.steps import StepRun


def cancel(run: StepRun) -> None:
    """What waits is not sent any more; what has left, has left."""
    for message in _of(run):
        cancel_mail(message.mail, by=run.by, reason="The play was stopped, or the step skipped.")


def pause(run: StepRun) -> None:
    """What waits stays until the play is resumed."""
    for message in _of(run):
        pause_mail(message.mail, by=run.by, reason="The play is paused.")


def resume(run: StepRun) -> None:
    """What waited leaves as if it were written now: in working hours, and not too soon after another."""
    lock_in_workspace("e-mails of plays")
    waiting = _of(run)
    leaving = leaving_times([one.contact_id for one in waiting if one.contact_id], run.step.pk)
    for message in waiting:
        may = leaving.get(message.contact_id or 0, Leaving(timezone.now()))
        resume_mail(message.mail, by=run.by, send_after=may.at, why=may.why)


def _of(run: StepRun) -> list[Message]:
    return list(Message.objects.filter(step=run.step, mail__state__in=NOT_LEFT).select_related("mail"))


@transaction.atomic
def follow_contacts(account_ids: Sequence[int], *, by: Actor) -> int:
    """Take back what waits for contacts who have left, and send the rest to the address of now; how many.

    Two queries, and those of each e-mail that is concerned.
    """
    waiting = Message.objects.filter(account_id__in=account_ids, mail__state__in=NOT_LEFT)
    concerned = 0
    for message in waiting.select_related("mail", "contact"):
        why, address = _news_of(message)
        if not why and address:
            why = _redirect(message, address, by)
        if why:
            cancel_mail(message.mail, by=by, reason=why)
        concerned += bool(why or address)
    return concerned


def _news_of(message: Message) -> tuple[str, str]:
    """(why the e-mail has no reader any more, the address it is to go to instead), both "" if all is well."""
    contact = message.contact
    if contact is None:
        return "The contact was removed before it was sent.", ""
    if contact.left_on is not None:
        return f"{contact.name} left before it was sent.", ""
    if contact.account_id != message.account_id:
        return f"{contact.name} belongs to another account by now.", ""
    is_same = contact.email.lower() == message.mail.to.lower()
    return "", "" if is_same else contact.email or "none"


def _redirect(message: Message, address: str, by: Actor) -> str:
    """Send it to that address; why it cannot be, if so."""
    try:
        readdress_mail(message.mail, address, by=by)
    except MailRefused:
        return f"{message.contact} has no address any more that can be written to."
    message.recipient = f"{message.mail.to_name} <{address}>"[:200]
    message.save(update_fields=["recipient"])
    return ""
