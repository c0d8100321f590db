"""Writing e-mails into the outbox."""

from django.db import transaction
from django.utils import timezone

from csworkspace.audit.actor import Actor
from csworkspace.mail.models import Audience, OutgoingMail


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
) -> OutgoingMail:
    """Write a mail beside the intent, in its transaction; the one that `key` made before is given back."""
    made, _ = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": subject,
            "text": text,
            "audience": audience,
            "to_name": to_name,
            "from_name": from_name,
            "reply_to": reply_to,
            "actor": by.label[:160],
            "send_after": timezone.now(),
        },
    )
    return made
