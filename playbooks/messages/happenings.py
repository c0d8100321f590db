"""Messages on an account's timeline."""

from datetime import datetime
from typing import Any, NamedTuple

from csworkspace.mail.models import MailState
from csworkspace.web.urls import workspace_url
from playbooks.timeline.reading import newest
from playbooks.timeline.sources import Happening, Place, TimelineSource

TONES = {
    MailState.BOUNCED: "bad",
    MailState.FAILED: "bad",
    MailState.UNCERTAIN: "warn",
    MailState.SUPPRESSED: "warn",
}


TOLD = """
select message.created_at as at, 'message ' || message.id as key, message.id, message.recipient,
    message.subject, message.text, mail.state, mail.error, coalesce(nullif(person.name, ''), person.email, '')
from playbooks_message message
join csworkspace_outgoingmail mail on mail.id = message.mail_id
left join csworkspace_membership member on member.id = message.sender_id
left join csworkspace_user person on person.id = member.user_id
where message.account_id = %s
"""


class Row(NamedTuple):
    """A message with what became of its mail, and who signed it."""

    at: datetime
    key: str
    pk: int
    recipient: str
    subject: str
    text: str
    state: str
    error: str
    by: str


def find(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """The newest messages before a point of the timeline; one query."""
    return [_happening(request, row) for row in newest(Row, TOLD, [account_id], before, limit)]


def _happening(request: Any, row: Row) -> Happening:
    state = MailState(row.state)
    arrived = " ".join(row.text.strip().splitlines())
    return Happening(
        at=row.at,
        key=row.key,
        title=f"E-mail to {row.recipient.partition(' <')[0]}: {row.subject}",
        text=(arrived if state == MailState.SENT else f"{state.label}. {row.error}".strip())[:200],
        by=row.by,
        url=workspace_url(request, "message", row.pk),
        tone=TONES.get(state, ""),
    )


SOURCE = TimelineSource("messages", "Messages", find, order=40)
