"""The steps of sending a mail: claim the row, keep what became of it, find what was left in the middle.

Between the claim and the end stands the conversation with the mail server, outside of any transaction.
Whoever dies in it leaves a row "sending": it becomes "uncertain" and waits for a person.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from csworkspace.audit.actor import SYSTEM, Actor
from csworkspace.events.registry import announce
from csworkspace.jobs.models import UNFINISHED, Job
from csworkspace.mail.composing import message_id_of
from csworkspace.mail.models import ENDED, Audience, MailState, OutgoingMail, Suppression, SuppressionReason
from csworkspace.mail.suppressions import suppress_address
from csworkspace.mail.transport import Fate, Outcome

# Minutes until the next attempt, after the first, second, … one: three days in all.
DELAYS = (1, 5, 15, 60, 180, 360, 720, 1440, 1440)
# While the server takes nothing, one mail asks again, and the others wait so long.
PAUSE = timedelta(seconds=60)
JOB = "mail.send"
DIED = "The program stopped while the mail was being sent: whether the server took it is not known."
MOST_TRAIL = 40


def job_key(mail_id: int) -> str:
    """The key of a mail's job: at most one is unfinished."""
    return f"mail {mail_id}"


@transaction.atomic
def claim_mail(mail_id: int, *, now: bool = False) -> OutgoingMail | None:
    """Take a mail that is due and mark it as being sent; None if there is nothing to send.

    One that is marked already was left by a job that died: it becomes uncertain. `now`: a person
    asked for it, so that neither the hour nor other mails' trouble with the server matters.
    """
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None:
        return None
    if mail.state == MailState.SENDING:
        _doubt(mail, DIED, SYSTEM)
        return None
    is_due = not mail.pause_reason and mail.send_after <= timezone.now()
    if mail.state != MailState.WAITING or not (is_due or now):
        return None
    if is_suppressed(mail):
        end_mail(mail, MailState.SUPPRESSED, "The address gets no e-mails of this kind any more.", by=SYSTEM)
        return None
    if not now and _server_is_down(mail):
        mail.send_after = timezone.now() + PAUSE
        mail.save(update_fields=["send_after"])
        return None
    mail.state, mail.sending_since, mail.attempts = MailState.SENDING, timezone.now(), mail.attempts + 1
    mail.message_id = mail.message_id or message_id_of(mail)
    mail.save(update_fields=["state", "sending_since", "attempts", "message_id"])
    return mail


def is_suppressed(mail: OutgoingMail) -> bool:
    """Whether the mail's address gets no customer mails any more."""
    if mail.audience != Audience.CUSTOMER:
        return False
    return Suppression.objects.filter(address=mail.to.lower()).exists()


def _server_is_down(mail: OutgoingMail) -> bool:
    lately = OutgoingMail.objects.filter(
        state=MailState.WAITING, is_held=True, sending_since__gte=timezone.now() - PAUSE
    )
    return lately.exclude(pk=mail.pk).exists()


@transaction.atomic
def settle_mail(mail_id: int, outcome: Outcome, *, by: Actor) -> OutgoingMail:
    """Keep what became of an attempt."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
    if mail.state != MailState.SENDING:
        return mail
    mail.is_held = outcome.fate is Fate.HELD
    if outcome.fate is Fate.SENT:
        mail.sent_at = timezone.now()
        end_mail(mail, MailState.SENT, outcome.why or "Sent: the mail server took it.", by=by)
    elif outcome.fate is Fate.BOUNCED:
        bounce_mail(mail, outcome.why, by=by)
    elif outcome.fate is Fate.REFUSED:
        end_mail(mail, MailState.FAILED, outcome.why, by=by)
    elif outcome.fate is Fate.UNCERTAIN:
        _doubt(mail, outcome.why, by)
    else:
        _put_off(mail, outcome.why, by)
    return mail


def _put_off(mail: OutgoingMail, why: str, by: Actor) -> None:
    """Wait longer with every attempt, and give up in the end, or at once if it was called off meanwhile."""
    if mail.stop_reason:
        end_mail(mail, MailState.CANCELLED, mail.stop_reason, by=by)
        return
    if mail.attempts > len(DELAYS):
        end_mail(mail, MailState.FAILED, f"Given up after {mail.attempts} attempts. {why}", by=by)
        return
    mail.state, mail.error = MailState.WAITING, why[:500]
    mail.send_after = timezone.now() + timedelta(minutes=DELAYS[mail.attempts - 1])
    note(mail, why)
    mail.save()


def _doubt(mail: OutgoingMail, why: str, by: Actor) -> None:
    """Nobody knows whether it left: who wrote it is to hear of it, for only a person can decide."""
    mail.state, mail.error, mail.is_held = MailState.UNCERTAIN, why[:500], False
    note(mail, why)
    mail.save()
    announce("mail.doubted", by=by, mail_id=mail.pk)


def bounce_mail(mail: OutgoingMail, why: str, *, by: Actor) -> None:
    """The recipient's side refused it for good: customers' addresses are not written to again.

    Providers report the same more than once: the second time says nothing new.
    """
    if mail.state == MailState.BOUNCED:
        return
    end_mail(mail, MailState.BOUNCED, why, by=by)
    if mail.audience == Audience.CUSTOMER:
        suppress_address(mail.to, SuppressionReason.BOUNCED, detail=why, by=by)


def end_mail(mail: OutgoingMail, state: MailState, what: str, *, by: Actor) -> None:
    """The last that happens to a (locked) mail, and the news of it."""
    was_ended = mail.state in ENDED
    mail.state, mail.error = state, "" if state == MailState.SENT else what[:500]
    mail.is_held, mail.pause_reason = False, ""
    note(mail, what)
    mail.save()
    # What was sent may still come back; that is news, too.
    if not was_ended or state == MailState.BOUNCED:
        announce("mail.ended", by=by, mail_id=mail.pk)


def note(mail: OutgoingMail, what: str) -> None:
    """Add a line to what happened to a mail; the oldest lines make room."""
    line = {"at": timezone.now().isoformat(timespec="seconds"), "what": what[:500]}
    mail.trail = [*mail.trail, line][-MOST_TRAIL:]


@transaction.atomic
def doubt_abandoned() -> int:
    """Mails that are "being sent" though no job is at it any more become uncertain; how many."""
    patience = timedelta(seconds=max(120, 3 * settings.JOB_LEASE_SECONDS))
    old = OutgoingMail.objects.filter(
        state=MailState.SENDING, sending_since__lt=timezone.now() - patience
    ).select_for_update(skip_locked=True)
    at_work = set(Job.objects.filter(kind=JOB, status__in=UNFINISHED).values_list("key", flat=True))
    left = [mail for mail in old.order_by("pk")[:500] if job_key(mail.pk) not in at_work]
    for mail in left:
        _doubt(mail, DIED, SYSTEM)
    return len(left)


def _last_word_was_no() -> bool:
    held = OutgoingMail.objects.filter(state=MailState.WAITING, is_held=True)
    last = held.aggregate(last=Max("sending_since"))["last"]
    if last is None:
        return False
    return not OutgoingMail.objects.filter(state=MailState.SENT, sent_at__gt=last).exists()


def due_mails(limit: int) -> list[int]:
    """Ids of the mails that wait and whose moment has come, the oldest first.

    One only while the server's last word was no: it asks again for all of them.
    """
    limit = 1 if _last_word_was_no() else limit
    due = OutgoingMail.objects.filter(
        state=MailState.WAITING, send_after__lte=timezone.now(), pause_reason=""
    )
    return list(due.order_by("send_after", "pk").values_list("pk", flat=True)[:limit])
