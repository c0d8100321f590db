"""A member's calendar feed: made, renewed, revoked, and found by its token."""

import hmac
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership, Role
from csworkspace.tenancy.database import current_workspace_id, enter_workspace, set_local
from playbooks.tasks.feed_tokens import hash_token, new_token, workspace_in
from playbooks.tasks.models import CalendarFeed

# Calendars ask often; a write for each would cost more than the reading.
NOTE_EVERY = timedelta(hours=1)


def feed_of(member: Membership) -> CalendarFeed | None:
    """The member's working feed."""
    return CalendarFeed.objects.filter(member=member, revoked_at=None).first()


@transaction.atomic
def make_feed(member: Membership, *, by: Actor) -> str:
    """A new address for the member's calendar; an older one stops working. The token, shown once."""
    Membership.objects.select_for_update().get(pk=member.pk)
    revoke_feed(member, by=by)
    token = new_token(current_workspace_id())
    feed = CalendarFeed.objects.create(member=member, token_hash=hash_token(token))
    record("made", feed, by=by)
    return token


@transaction.atomic
def revoke_feed(member: Membership, *, by: Actor) -> bool:
    """Stop the member's feed at once; False if there is none."""
    feed = feed_of(member)
    if feed is None or not CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    ):
        return False
    record("revoked", feed, by=by)
    return True


def enter_by(token: str) -> CalendarFeed | None:
    """Open the workspace that a token names, if it is of a working feed of an active member of the staff.

    None, and nothing open, otherwise. What is looked up is a hash: its comparison tells nothing of tokens.
    """
    workspace_id = workspace_in(token)
    if workspace_id is None:
        return None
    enter_workspace(workspace_id)
    wanted = hash_token(token)
    found = CalendarFeed.objects.select_related("member__user", "workspace").filter(
        token_hash=wanted, revoked_at=None, member__is_active=True, member__user__is_active=True
    )
    feed = found.exclude(member__role=Role.VIEWER).first()
    if feed is None or not hmac.compare_digest(feed.token_hash, wanted):
        set_local(workspace="")
        return None
    return feed


def note_use(feed: CalendarFeed) -> None:
    """Keep `last_used_at` roughly right."""
    now = timezone.now()
    if feed.last_used_at is None or now - feed.last_used_at > NOTE_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)
