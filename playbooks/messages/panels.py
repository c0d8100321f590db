"""Messages in the margin of an account's overview, and the account beside a mail of the outbox."""

from typing import Any

from csworkspace.mail.models import OutgoingMail
from csworkspace.people.access import Needs, may
from csworkspace.web.urls import workspace_url
from playbooks.messages.models import Message
from playbooks.messages.queries import message_row, messages_of

SHOWN = 3


def messages_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The latest messages, and a way to write one; one query."""
    found = [message_row(one, request.workspace.timezone) for one in messages_of(account.pk)[:SHOWN]]
    may_work = may(request.membership.role, Needs.WORK)
    if not found and not may_work:
        return None
    return {
        "rows": found,
        "url": workspace_url(request, "account_messages", account.pk),
        "new_url": workspace_url(request, "message_new", account.pk) if may_work else "",
    }


def mail_panel(request: Any, mail: OutgoingMail) -> dict[str, Any] | None:
    """Which account a mail is about; one query."""
    message = Message.objects.select_related("account").filter(mail=mail).first()
    if message is None:
        return None
    return {"message": message, "url": workspace_url(request, "message", message.pk)}
