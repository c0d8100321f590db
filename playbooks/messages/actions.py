"""Writing e-mails to customers: composed for each recipient, queued once, and kept."""

from dataclasses import dataclass

from django.db import transaction

from accounts.contacts.models import Contact
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.mail.actions import queue_mail
from csworkspace.mail.addresses import one_line
from csworkspace.mail.models import Audience, OutgoingMail
from csworkspace.people.models import Membership
from playbooks.messages.models import EmailTemplate, Message
from playbooks.messages.placeholders import ValueMissing, names_in, render
from playbooks.messages.templates import Parsed, check_texts
from playbooks.messages.timing import Leaving
from playbooks.messages.values import Letter, contact_values, shared_values
from playbooks.plays.models import PlayStep


@dataclass(frozen=True)
class Written:
    """A mail as one recipient will read it."""

    contact: Contact
    subject: str
    text: str


def compose_for(contacts: list[Contact], parsed: Parsed, letter: Letter) -> list[Written]:
    """The mail for each contact. Raises ValueMissing, naming whose value it is, before any is sent."""
    names = names_in([*parsed.subject, *parsed.body])
    shared = shared_values(names, letter)
    return [_compose(contact, parsed, {**shared, **contact_values(contact, names)}) for contact in contacts]


def _compose(contact: Contact, parsed: Parsed, values: dict[str, str | None]) -> Written:
    try:
        subject, text = render(parsed.subject, values), render(parsed.body, values)
    except ValueMissing as error:
        raise ValueMissing(f"The e-mail to {contact.name} was not sent: {error}") from None
    return Written(contact, one_line(subject, "subject with its values"), text)


@transaction.atomic
def send_message(
    written: Written,
    letter: Letter,
    *,
    by: Actor,
    key: str,
    template: EmailTemplate | None = None,
    step: PlayStep | None = None,
    leaving: Leaving | None = None,
) -> Message:
    """Queue one mail and keep it on the account; the same key gives the message that there is.

    A suppressed address gives a message that says so. leaving: not before that moment. Raises MailRefused.
    """
    mail = queue_mail(
        key,
        written.contact.email,
        written.subject,
        written.text,
        by=by,
        audience=Audience.CUSTOMER,
        to_name=written.contact.name,
        from_name=str(letter.sender),
        reply_to=letter.sender.user.email,
        send_after=leaving.at if leaving else None,
        why=leaving.why if leaving else "",
    )
    message, is_new = Message.objects.get_or_create(
        mail=mail,
        defaults={
            "account": letter.account,
            "contact": written.contact,
            "template": template,
            "step": step,
            "sender": letter.sender,
            "recipient": f"{written.contact.name} <{written.contact.email}>"[:200],
            "subject": mail.subject,
            "text": mail.text,
        },
    )
    if is_new:
        record("wrote", message, by=by, after={"to": message.recipient, "account": letter.account.name})
    return message


@transaction.atomic
def send_test(
    template: EmailTemplate, subject: str, text: str, member: Membership, *, by: Actor, key: str
) -> OutgoingMail:
    """Send a template's preview to oneself; it is no message to a customer."""
    record("sent as a test", template, by=by)
    return queue_mail(
        key,
        member.user.email,
        one_line(f"Test: {subject}"[:200], "subject with its values"),
        text,
        by=by,
        to_name=str(member),
        from_name=str(member),
    )


def parsed_of(template: EmailTemplate) -> Parsed:
    """A template as it is now. Raises TemplateConflict if it is not right any more."""
    return check_texts(template.subject, template.body)
