"""From a row of the outbox to the mail that leaves."""

from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from csworkspace.mail.addresses import check_address, one_line
from csworkspace.mail.models import Audience, OutgoingMail
from csworkspace.mail.tokens import unsubscribe_link
from csworkspace.tenancy.models import Workspace

FOOTER = """

--
You get this e-mail because you work with {workspace}. No more such e-mails: {link}
"""


def sender_address() -> str:
    """The address that every mail of this installation comes from."""
    return check_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], "sender's address")


def message_id_of(mail: OutgoingMail) -> str:
    """The mail's own id; a repetition bears the same, so that mailboxes can see that it is one."""
    domain = sender_address().rpartition("@")[2]
    return f"<csw.{mail.workspace_id}.{mail.pk}.{int(mail.created_at.timestamp())}@{domain}>"


def compose(mail: OutgoingMail, workspace: Workspace, connection: BaseEmailBackend) -> EmailMessage:
    """The mail with its headers. Raises MailRefused for what may not stand in them."""
    is_customers = mail.audience == Audience.CUSTOMER
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    body = mail.text
    if is_customers:
        del headers["Auto-Submitted"]
        link = unsubscribe_link(mail.workspace_id, mail.pk)
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        body = body.rstrip("\n") + FOOTER.format(workspace=workspace.name, link=link)
    return EmailMessage(
        subject=one_line(mail.subject, "subject"),
        body=body,
        from_email=_named(_from_name(mail, workspace), sender_address()),
        to=[_named(one_line(mail.to_name, "recipient's name"), check_address(mail.to))],
        reply_to=[check_address(mail.reply_to, "reply address")] if mail.reply_to else None,
        headers=headers,
        connection=connection,
    )


def _from_name(mail: OutgoingMail, workspace: Workspace) -> str:
    name = one_line(mail.from_name, "sender's name")
    return f"{name} via {workspace.name}" if name else workspace.name


def _named(name: str, address: str) -> str:
    """Name and address as a header has them; quoting is the library's work, not ours."""
    user, _, domain = address.rpartition("@")
    try:
        return str(Address(name, user, domain))
    except (ValueError, IndexError):
        return address
