"""What the pages of the outbox and of the suppression list print."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from csworkspace.mail.models import Audience, MailState, OutgoingMail, Suppression
from csworkspace.web.formats import plural
from csworkspace.web.times import moment, relative_moment

PAGE = 50
# The state's mark among the statuses of the kit.
MARKS = {
    MailState.WAITING: "waiting",
    MailState.SENDING: "running",
    MailState.SENT: "done",
    MailState.UNCERTAIN: "warning",
    MailState.FAILED: "failed",
    MailState.SUPPRESSED: "closed",
    MailState.BOUNCED: "failed",
    MailState.CANCELLED: "closed",
}
TO_DECIDE = (MailState.UNCERTAIN, MailState.FAILED)


@dataclass(frozen=True)
class MailRow:
    """A mail as the lists print it."""

    id: int
    subject: str
    to: str
    to_name: str
    audience: str
    state: str
    mark: str
    when: str
    age: str
    error: str
    next_try: str


@dataclass(frozen=True)
class MailList:
    """A page of the outbox; `next_before` is the id to go on from, or None."""

    rows: list[MailRow]
    next_before: int | None


def mail_row(mail: OutgoingMail, zone: str) -> MailRow:
    """One mail, ready to print."""
    now, when = timezone.now(), mail.sent_at or mail.created_at
    return MailRow(
        id=mail.pk,
        subject=mail.subject,
        to=mail.to,
        to_name=mail.to_name,
        audience=mail.get_audience_display(),
        state=mail.state_label,
        mark=MARKS[MailState(mail.state)],
        when=moment(when, zone),
        age=relative_moment(when, now),
        error=mail.trouble,
        next_try=relative_moment(max(mail.send_after, now), now) if mail.is_tried_again else "",
    )


def list_mails(zone: str, state: str, audience: str, q: str, before: int | None) -> MailList:
    """A page of the outbox, newest first; one query."""
    chosen = OutgoingMail.objects.order_by("-id").defer("text", "trail")
    if state == "decide":
        chosen = chosen.filter(state__in=TO_DECIDE)
    elif state:
        chosen = chosen.filter(state=state)
    if audience:
        chosen = chosen.filter(audience=audience)
    if q:
        chosen = chosen.filter(Q(to__icontains=q) | Q(to_name__icontains=q) | Q(subject__icontains=q))
    if before is not None:
        chosen = chosen.filter(id__lt=before)
    found = list(chosen[: PAGE + 1])
    shown = found[:PAGE]
    return MailList([mail_row(one, zone) for one in shown], shown[-1].pk if len(found) > PAGE else None)


def state_choices() -> list[tuple[str, str]]:
    """The filter of states with how many mails are in each; one query."""
    counted = OutgoingMail.objects.order_by().values_list("state").annotate(Count("id"))
    counts: dict[str, int] = dict(counted)
    decide = sum(counts.get(state, 0) for state in TO_DECIDE)
    labels = [("decide", f"To decide ({decide})")] if decide else []
    labels += [(s.value, f"{s.label} ({counts[s.value]})") for s in MailState if counts.get(s.value)]
    return [("", "All"), *labels]


def server_notice(zone: str) -> dict[str, str] | None:
    """What to say when mails wait because of the mail server, or when there is none; one query."""
    held = OutgoingMail.objects.filter(state=MailState.WAITING, is_held=True).aggregate(
        count=Count("id"), since=Min("created_at"), next_try=Min("send_after"), tried=Max("sending_since")
    )
    if held["count"]:
        return _trouble(held, zone)
    if not settings.MAIL_CONFIGURED:
        text = (
            "Mails are written into the folder “mail” of the state folder and reach nobody. "
            "To send them, set EMAIL_URL and start the program again."
        )
        return {"tone": "info", "title": "No mail server is set up", "text": text}
    return None


def _trouble(held: dict[str, Any], zone: str) -> dict[str, str]:
    last: OutgoingMail = OutgoingMail.objects.filter(
        state=MailState.WAITING, is_held=True, sending_since=held["tried"]
    ).latest("id")
    now = timezone.now()
    waits = plural(held["count"], "mail waits", "mails wait")
    following = relative_moment(max(held["next_try"], now), now)
    text = (
        f"{last.error} Last tried {moment(held['tried'], zone)}, next {following}. "
        "Nothing is lost: they leave by themselves when the server takes mails again."
    )
    return {"tone": "warning", "title": f"{waits} because of the mail server", "text": text}


def mail_facts(mail: OutgoingMail, zone: str) -> list[dict[str, str]]:
    """A mail's facts for kit/_facts.html; what there is none of is left out."""
    facts = {
        "To": f"{mail.to_name} <{mail.to}>" if mail.to_name else mail.to,
        "Signed by": mail.from_name,
        "Replies go to": mail.reply_to,
        "For": mail.get_audience_display(),
        "Written": f"{moment(mail.created_at, zone)} by {mail.actor}",
        "Sent": moment(mail.sent_at, zone) if mail.sent_at else "",
        "Attempts": str(mail.attempts) if mail.attempts else "",
        "Next attempt": moment(mail.send_after, zone) if mail.is_tried_again else "",
        "Message-ID": mail.message_id,
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]


def trail_of(mail: OutgoingMail, zone: str) -> list[dict[str, str]]:
    """What happened to a mail, newest first, for kit/_timeline.html."""
    return [
        {"when": moment(datetime.fromisoformat(line["at"]), zone), "iso": line["at"], "title": line["what"]}
        for line in reversed(mail.trail)
    ]


def find_suppressions(q: str) -> QuerySet[Suppression]:
    """The suppression list, the newest first."""
    found = Suppression.objects.order_by("-id")
    return found.filter(address__icontains=q.lower()) if q else found


def suppressed_among(addresses: list[str]) -> dict[str, str]:
    """Those of the addresses that are suppressed (lower case) → why, in words; one query."""
    wanted = [address.lower() for address in addresses if address]
    found = Suppression.objects.filter(address__in=wanted)
    return {one.address: one.get_reason_display().lower() for one in found}


def mail_for_bounce(message_id: str) -> OutgoingMail | None:
    """The mail with a Message-ID, with or without its brackets."""
    bare = message_id.strip().strip("<>")
    # Nothing else can be one of ours, nor be asked of the database.
    if not bare.isascii() or not bare.isprintable():
        return None
    return OutgoingMail.objects.filter(message_id=f"<{bare}>").first() if bare else None


AUDIENCES = [("", "Everybody"), *Audience.choices]
