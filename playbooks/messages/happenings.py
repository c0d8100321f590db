"""Messages on an account's timeline."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from csworkspace.mail.models import MailState
from csworkspace.web.urls import workspace_url
from playbooks.messages.models import Message
from playbooks.timeline.sources import Happening, TimelineSource

TONES = {
    MailState.BOUNCED: "bad",
    MailState.FAILED: "bad",
    MailState.UNCERTAIN: "warn",
    MailState.SUPPRESSED: "warn",
}


def find(request: Any, account_id: int, before: tuple[datetime, str] | None, limit: int) -> list[Happening]:
    """The newest messages before a point of the timeline; one query."""
    key = Concat(Value("message "), Cast("pk", CharField()))
    found = (
        Message.objects.filter(account_id=account_id).annotate(key=key).select_related("mail", "sender__user")
    )
    if before is not None:
        at, than = before
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, key__lt=than))
    return [_happening(request, one) for one in found.order_by("-created_at", "-key")[:limit]]


def _happening(request: Any, message: Message) -> Happening:
    state = MailState(message.mail.state)
    lines = message.text.strip().splitlines()
    arrived = state == MailState.SENT
    return Happening(
        at=message.created_at,
        key=f"message {message.pk}",
        title=f"E-mail to {message.recipient.partition(' <')[0]}: {message.subject}",
        text=" ".join(lines)[:200] if arrived else f"{state.label}. {message.mail.error}".strip()[:200],
        by=str(message.sender) if message.sender else "",
        url=workspace_url(request, "message", message.pk),
        tone=TONES.get(state, ""),
    )


SOURCE = TimelineSource("messages", "Messages", find, order=40)
