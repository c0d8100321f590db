"""Addresses that get no customer mails any more."""

from django.db import transaction

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.mail.addresses import MailRefused, check_address
from csworkspace.mail.models import Suppression, SuppressionReason


@transaction.atomic
def suppress_address(address: str, reason: str, *, by: Actor, detail: str = "") -> Suppression:
    """Stop customer mails to an address; what stopped it first stays the reason. Raises MailRefused."""
    found, is_new = Suppression.objects.get_or_create(
        address=check_address(address).lower(),
        defaults={"reason": reason, "detail": " ".join(detail.split())[:300], "actor": by.label[:160]},
    )
    if is_new:
        after = {"reason": SuppressionReason(reason).label, "detail": found.detail}
        record("suppressed", found, by=by, after=after)
    return found


@transaction.atomic
def lift_suppression(suppression: Suppression, *, by: Actor, reason: str) -> str:
    """Let an address get customer mails again, and why; the address. Raises MailRefused without a reason."""
    if not reason.strip():
        raise MailRefused("Say why this address may be written to again.")
    before = {"reason": suppression.get_reason_display(), "detail": suppression.detail}
    record("lifted", suppression, by=by, before=before, after={"why": reason.strip()[:300]})
    address = suppression.address
    suppression.delete()
    return address
