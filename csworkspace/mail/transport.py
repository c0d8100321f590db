"""Talking to the mail server, and what its answers mean.

The one question that matters is whether the server may have taken the mail. Until the text of the mail
is on its way the answer is no. From then on a broken connection leaves it open, and nobody but a person
may decide to send it again.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from csworkspace.mail.addresses import MailRefused

# Sign-in is missing, too weak or wrong.
OURS = (530, 534, 535, 538)
CLOSING = 421
ABOUT_US = re.compile(
    r"(?i)relay(ing)? .{0,20}(denied|not permitted|not allowed|prohibited)|(unable|not permitted) to relay|"
    r"authenticat|client host|blocklist|blacklist|block list|spamhaus|\bhelo\b"
)
ADDRESS = re.compile(r"\S+@\S+")
POLICY = re.compile(r"(?i)spam|policy|blocked|denied|reputation|banned")
# RFC 3463: 5.1.x is about the address (7 and 8 about the sender's), 5.2.1 a mailbox that is switched off.
DETAILED = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
GONE = re.compile(r"5\.1\.(?!7$|8$)\d+|5\.2\.1")

FILES = "django.core.mail.backends.filebased.EmailBackend"


class Fate(Enum):
    """What became of one attempt."""

    SENT = "sent"
    HELD = "held"  # the server does not take mails at all: later
    LATER = "later"  # this recipient, later
    BOUNCED = "bounced"  # this recipient, never
    REFUSED = "refused"  # this mail, never
    UNCERTAIN = "uncertain"  # the connection broke after the text had begun to leave


@dataclass(frozen=True)
class Outcome:
    """The fate of an attempt, and why in the words of the server."""

    fate: Fate
    why: str = ""


class Progress:
    """Whether the text of the mail has begun to leave."""

    has_begun = False

    def watch(self, connection: BaseEmailBackend) -> None:
        """Notice when the server is asked to take the text; who writes files has no server to watch."""
        server: Any = getattr(connection, "connection", None)
        if isinstance(server, smtplib.SMTP):
            server.data = partial(self._begin, server, server.data)  # type: ignore[method-assign]

    def _begin(self, server: smtplib.SMTP, data: Callable[..., Any], *args: Any) -> Any:
        self.has_begun = True
        # Servers look for spam before they answer; giving up on a slow one leaves a doubt for a person.
        if server.sock is not None:
            server.sock.settimeout(settings.EMAIL_DATA_TIMEOUT)
        return data(*args)


def connection_for(*, to_files: bool) -> BaseEmailBackend:
    """The way out: the installation's, or files in the state folder (what a demo sends is for nobody)."""
    if to_files and settings.MAIL_CONFIGURED:
        return get_connection(FILES, file_path=settings.STATE_DIR / "mail")
    return get_connection(timeout=settings.EMAIL_TIMEOUT)


def deliver(make: Callable[[BaseEmailBackend], EmailMessage], *, to_files: bool = False) -> Outcome:
    """Connect, send what `make` composes, and say what became of it; never raises."""
    progress = Progress()
    connection = connection_for(to_files=to_files)
    try:
        message = make(connection)
        connection.open()
        progress.watch(connection)
        sent = connection.send_messages([message])
    except Exception as error:
        return outcome_of(error, has_begun=progress.has_begun)
    finally:
        # The mail has been taken or not by now: saying good-bye badly changes nothing.
        with suppress(Exception):
            connection.close()
    if not sent:
        return Outcome(Fate.HELD, "The mail server took nothing.")
    return Outcome(Fate.SENT, why_no_server(to_files=to_files))


def why_no_server(*, to_files: bool) -> str:
    """What to say of a mail that was "sent" without a server; nothing where there is one."""
    if not settings.MAIL_CONFIGURED:
        return "Written to a file; no mail server is set up."
    return "Written to a file: a demo workspace sends nothing." if to_files else ""


def outcome_of(error: Exception, *, has_begun: bool) -> Outcome:
    """What an error of an attempt means."""
    if isinstance(error, MailRefused):
        return Outcome(Fate.REFUSED, str(error))
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (450, b"refused"))
        said = _reply(code, text)
        return Outcome(fate_of_recipient(code, said), f"The recipient was refused: {said}")
    if isinstance(error, smtplib.SMTPDataError):
        fate = Fate.REFUSED if error.smtp_code >= 500 else Fate.LATER
        return Outcome(fate, f"The mail was refused: {_reply(error.smtp_code, error.smtp_error)}")
    if has_begun:
        return Outcome(
            Fate.UNCERTAIN, f"The connection broke while the mail was being sent ({_words(error)})."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return Outcome(Fate.HELD, f"The mail server refused: {_reply(error.smtp_code, error.smtp_error)}")
    if isinstance(error, TimeoutError):
        return Outcome(
            Fate.HELD, f"The mail server did not answer within {settings.EMAIL_TIMEOUT:g} seconds."
        )
    if isinstance(error, smtplib.SMTPException | OSError):
        return Outcome(Fate.HELD, f"The mail server cannot be reached ({_words(error)}).")
    return Outcome(Fate.REFUSED, f"The mail could not be written ({_words(error)}).")


def fate_of_recipient(code: int, said: str) -> Fate:
    """What the server's no to a recipient means: only a mailbox that is not there has bounced.

    It also says no because of us (it does not relay for us, wants us to sign in, has us on a blocklist):
    then no customer's address is to blame.
    """
    if code == CLOSING:
        return Fate.HELD
    if code < 500:
        return Fate.LATER
    detailed = DETAILED.search(said)
    # What is sure about the mailbox comes before words, which may be part of its address.
    if detailed and GONE.fullmatch(detailed[0]):
        return Fate.BOUNCED
    words = ADDRESS.sub("", said)
    if code in OURS or ABOUT_US.search(words):
        return Fate.HELD
    if detailed:
        return Fate.REFUSED
    return Fate.BOUNCED if code in (550, 551, 553) and not POLICY.search(words) else Fate.REFUSED


def _reply(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())}"[:300]


def _words(error: Exception) -> str:
    return " ".join((str(error) or type(error).__name__).split())[:200]
