"""What the pages of templates and messages print."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from csworkspace.mail.models import MailState, OutgoingMail
from csworkspace.mail.queries import MARKS
from csworkspace.web.formats import number
from csworkspace.web.times import moment
from playbooks.messages.models import EmailTemplate, Message

PAGE = 50


@dataclass(frozen=True)
class MessageRow:
    """A message as the lists print it."""

    id: int
    account_id: int
    subject: str
    recipient: str
    by: str
    state: str
    mark: str
    error: str
    when: str
    source: str


def messages_of(account_id: int) -> QuerySet[Message]:
    """An account's messages with what their rows need, newest first."""
    found = Message.objects.filter(account_id=account_id)
    return found.select_related("mail", "sender__user", "template", "step").order_by("-id")


def message_row(message: Message, zone: str) -> MessageRow:
    """One message, ready to print."""
    mail: OutgoingMail = message.mail
    return MessageRow(
        id=message.pk,
        account_id=message.account_id,
        subject=message.subject,
        recipient=message.recipient,
        by=str(message.sender) if message.sender else mail.from_name,
        state=mail.state_label,
        mark=MARKS[MailState(mail.state)],
        error=mail.trouble,
        when=moment(mail.sent_at or message.created_at, zone),
        source="Playbook" if message.step_id else "By hand",
    )


def page_of_messages(account_id: int, zone: str, before: int | None) -> tuple[list[MessageRow], int | None]:
    """A page of an account's messages, and the id to go on from; one query."""
    found = messages_of(account_id)
    if before is not None:
        found = found.filter(id__lt=before)
    chosen = list(found[: PAGE + 1])
    rows = [message_row(one, zone) for one in chosen[:PAGE]]
    return rows, rows[-1].id if len(chosen) > PAGE else None


@dataclass(frozen=True)
class TemplateRow:
    """A template as the list prints it."""

    id: int
    name: str
    purpose: str
    subject: str
    sent: str
    is_retired: bool


def template_rows() -> list[TemplateRow]:
    """All templates, those in use first, by name; two queries."""
    counted: Iterable[tuple[Any, ...]] = (
        Message.objects.order_by().values_list("template_id").annotate(Count("id"))
    )
    counts = {row[0]: row[1] for row in counted}
    found = sorted(EmailTemplate.objects.all(), key=lambda one: (bool(one.retired_at), one.name.casefold()))
    return [
        TemplateRow(
            one.pk, one.name, one.purpose, one.subject, number(counts.get(one.pk, 0)), bool(one.retired_at)
        )
        for one in found
    ]


def templates_in_use() -> QuerySet[EmailTemplate]:
    """What can be chosen for a new e-mail."""
    return EmailTemplate.objects.filter(retired_at=None).order_by("name", "id")
