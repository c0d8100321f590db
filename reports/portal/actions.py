"""Share links and who of the customers may look in."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.accounts.models import Account, ShareLink
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.database import current_workspace_id
from reports.portal.tokens import hash_token, new_token

MIN_DAYS, MAX_DAYS, DEFAULT_DAYS = 1, 90, 30
# A visit is noted at most this often: reading a page should not write a row each time.
NOTE_EVERY = timedelta(minutes=5)


@transaction.atomic
def create_link(account: Account, label: str, days: int, *, by: Actor) -> tuple[ShareLink, str]:
    """A link to the account's portal for 1 to 90 days, and its token, which is shown once and not kept.

    Raises ValueError for other numbers of days, or if `by` is no member.
    """
    if not MIN_DAYS <= days <= MAX_DAYS:
        raise ValueError(f"A link lasts {MIN_DAYS} to {MAX_DAYS} days.")
    if by.membership_id is None:
        raise ValueError("Only a member of the workspace can make a link.")
    token = new_token(current_workspace_id())
    link = ShareLink.objects.create(
        account=account,
        label=label[:120],
        token_hash=hash_token(token),
        created_by_id=by.membership_id,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record("created", link, by=by, after={"account": account.name, "days": days})
    return link, token


@transaction.atomic
def revoke_link(link: ShareLink, *, by: Actor) -> bool:
    """Stop a link at once, for everybody who holds it; False if it was revoked before."""
    now = timezone.now()
    revoked = ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)
    if revoked:
        record("revoked", link, by=by)
    return bool(revoked)


@transaction.atomic
def open_link(link: ShareLink, *, by: Actor) -> None:
    """Note that somebody came in by the link."""
    ShareLink.objects.filter(pk=link.pk).update(last_used_at=timezone.now())
    record("opened", link, by=by)


def note_visit(link: ShareLink) -> None:
    """Keep `last_used_at` roughly right."""
    now = timezone.now()
    if link.last_used_at is None or now - link.last_used_at > NOTE_EVERY:
        ShareLink.objects.filter(pk=link.pk).update(last_used_at=now)
