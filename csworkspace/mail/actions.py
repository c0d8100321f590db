"""Writing e-mails into the outbox, and what people decide about them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.mail.addresses import MailRefused, check_address, one_line
from csworkspace.mail.models import NOT_LEFT, Audience, MailState, OutgoingMail, SuppressionReason
from csworkspace.mail.sending import JOB, bounce_mail, end_mail, is_suppressed, job_key, note
from csworkspace.mail.suppressions import suppress_address
from csworkspace.web.texts import plain_lines
from csworkspace.web.versions import Conflict

# What may be sent again. To a bounced or suppressed address it would be in vain: that is made good, and a
# new mail written.
TRIED_AGAIN = (MailState.WAITING, MailState.UNCERTAIN, MailState.FAILED, MailState.CANCELLED)


@transaction.atomic
def queue_mail(
    key: str,
    to: str,
    subject: str,
    text: str,
    *,
    by: Actor,
    audience: str = Audience.TEAM,
    to_name: str = "",
    from_name: str = "",
    reply_to: str = "",
    send_after: datetime | None = None,
    why: str = "",
) -> OutgoingMail:
    """Write a mail beside the intent, in its transaction; the one that `key` made before is given back.

    It leaves after the commit, by a job of its own. A customer's address that is suppressed gives a
    mail that says so and is never sent. send_after: not before that moment, and `why`, for its trail.
    Raises MailRefused for anything that may not stand in a header.
    """
    made, is_new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "to": check_address(to),
            "subject": one_line(subject, "subject"),
            "text": plain_lines(text),
            "audience": audience,
            "to_name": one_line(to_name, "recipient's name"),
            "from_name": one_line(from_name, "sender's name"),
            "reply_to": check_address(reply_to, "reply address") if reply_to else "",
            "actor": by.label[:160],
            "send_after": send_after or timezone.now(),
        },
    )
    if is_new:
        if why:
            note(made, why)
            made.save(update_fields=["trail"])
        _send_off(made, by)
    return made


def _send_off(mail: OutgoingMail, by: Actor) -> None:
    if is_suppressed(mail):
        what = f"{mail.to} gets no e-mails of this kind any more: see the suppression list."
        end_mail(mail, MailState.SUPPRESSED, what, by=by)
    else:
        start_job(JOB, "Send an e-mail", by=by, key=job_key(mail.pk), mail_id=mail.pk)


def lock_mail(mail: OutgoingMail) -> OutgoingMail:
    """The row as it is now, locked."""
    return OutgoingMail.objects.select_for_update().get(pk=mail.pk)


@transaction.atomic
def retry_mail(mail: OutgoingMail, *, by: Actor) -> OutgoingMail:
    """Send it now: one that waits, failed, was cancelled, or about which nobody knows. Raises Conflict."""
    locked = lock_mail(mail)
    if locked.state not in TRIED_AGAIN:
        raise Conflict(
            f"This mail is “{locked.get_state_display().lower()}”: there is nothing to send again."
        )
    before = {"state": locked.get_state_display()}
    # All attempts anew, for a person has looked at it.
    locked.state, locked.attempts, locked.send_after = MailState.WAITING, 0, timezone.now()
    locked.stop_reason = locked.pause_reason = ""
    note(locked, f"{by.label} asked for it to be sent now.")
    locked.save()
    record("asked to send", locked, by=by, before=before)
    start_job(JOB, "Send an e-mail", by=by, key=job_key(locked.pk), mail_id=locked.pk, now=True)
    return locked


@transaction.atomic
def say_sent(mail: OutgoingMail, *, by: Actor) -> OutgoingMail:
    """A person has found out that an uncertain mail has arrived. Raises Conflict for any other."""
    locked = lock_mail(mail)
    if locked.state != MailState.UNCERTAIN:
        raise Conflict(f"This mail is “{locked.get_state_display().lower()}” meanwhile.")
    locked.sent_at = locked.sending_since or timezone.now()
    end_mail(locked, MailState.SENT, f"{by.label} says that it was sent.", by=by)
    record("said to be sent", locked, by=by)
    return locked


@transaction.atomic
def cancel_mail(mail: OutgoingMail, *, by: Actor, reason: str = "") -> bool:
    """Do not send a mail that waits; False if it has left or ended already, or may just be leaving.

    The wish is kept with one that is being sent: if this attempt fails, there is no other. What is
    uncertain stays so: it may have arrived, and only a person can say.
    """
    locked, why = lock_mail(mail), reason or f"{by.label} cancelled it."
    if locked.state == MailState.SENDING:
        locked.stop_reason = why[:200]
        locked.save(update_fields=["stop_reason"])
    if locked.state != MailState.WAITING:
        return False
    end_mail(locked, MailState.CANCELLED, why, by=by)
    record("cancelled", locked, by=by, after={"reason": reason})
    return True


@transaction.atomic
def readdress_mail(mail: OutgoingMail, to: str, *, by: Actor) -> bool:
    """Send a mail that waits to another address of its recipient; False if it has left or ended already.

    One that is just being sent is on its way to the old one: if this attempt fails, there is no other.
    Raises MailRefused.
    """
    locked, address = lock_mail(mail), check_address(to)
    if locked.state == MailState.SENDING:
        locked.stop_reason = f"The address was corrected to {address} meanwhile: write it again."[:200]
        locked.save(update_fields=["stop_reason"])
    if locked.state != MailState.WAITING:
        return False
    before, locked.to = {"to": locked.to}, address
    note(locked, f"It goes to {address} now, not to {before['to']}: the address was corrected.")
    locked.save(update_fields=["to", "trail"])
    record("readdressed", locked, by=by, before=before, after={"to": address})
    return True


@transaction.atomic
def pause_mail(mail: OutgoingMail, *, by: Actor, reason: str) -> bool:
    """Keep a mail that waits from leaving until it is resumed; False if it has left or ended already."""
    locked = lock_mail(mail)
    if locked.state not in NOT_LEFT:
        return False
    locked.pause_reason = reason[:200]
    note(locked, f"{by.label}: {reason}")
    locked.save(update_fields=["pause_reason", "trail"])
    return True


@transaction.atomic
def resume_mail(mail: OutgoingMail, *, by: Actor, send_after: datetime, why: str = "") -> bool:
    """Let a paused mail leave, not before that moment (and `why`, for its trail); False if not paused."""
    locked = lock_mail(mail)
    if not locked.pause_reason:
        return False
    locked.pause_reason, locked.send_after = "", max(locked.send_after, send_after)
    note(locked, why or f"{by.label}: it may leave again.")
    locked.save(update_fields=["pause_reason", "send_after", "trail"])
    start_job(JOB, "Send an e-mail", by=by, key=job_key(locked.pk), mail_id=locked.pk)
    return True


@transaction.atomic
def unsubscribe(mail: OutgoingMail, *, by: Actor) -> None:
    """The recipient of a mail wants no more of them."""
    detail = f"by the link in “{mail.subject}”"
    suppress_address(mail.to, SuppressionReason.UNSUBSCRIBED, by=by, detail=detail)


@transaction.atomic
def note_bounce(
    mail: OutgoingMail | None, address: str, kind: str, *, by: Actor, detail: str = ""
) -> str | None:
    """What a mail provider reports later: marks the mail, if known; gives the address that it suppressed.

    None where it suppressed none: the team's own addresses are written to all the same. A complaint leaves
    the mail sent, for it was. The same report twice changes nothing. Raises MailRefused for an address that
    is none.
    """
    locked = lock_mail(mail) if mail else None
    stopped = check_address(address or (locked.to if locked else "")).lower()
    words = detail or ("reported as spam" if kind == "complaint" else "returned by the recipient's server")
    if locked and stopped != locked.to.lower():
        raise MailRefused(f"That mail went to another address than {stopped}.")
    if locked and kind == "bounce":
        bounce_mail(locked, f"Bounced: {words}"[:500], by=by)
    elif locked:
        _note_complaint(locked, f"Complaint: {words}"[:500])
    if locked and locked.audience != Audience.CUSTOMER:
        return None
    reason = SuppressionReason.COMPLAINED if kind == "complaint" else SuppressionReason.BOUNCED
    suppress_address(stopped, reason, by=by, detail=words)
    return stopped


def _note_complaint(mail: OutgoingMail, what: str) -> None:
    if what not in [line["what"] for line in mail.trail]:
        note(mail, what)
        mail.save(update_fields=["trail"])
