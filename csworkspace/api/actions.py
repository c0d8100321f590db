"""Making and revoking API keys."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from csworkspace.api.keys import hash_key, new_key
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.people.models import ApiKey
from csworkspace.tenancy.database import current_workspace_id


@dataclass(frozen=True)
class NewKey:
    """A fresh key, and its text, which nobody can read again."""

    key: ApiKey
    text: str


@transaction.atomic
def create_key(name: str, *, by: Actor) -> NewKey:
    """Make a key for an API client; the hint is the text's last four characters."""
    text = new_key(current_workspace_id())
    key = ApiKey.objects.create(
        name=name, key_hash=hash_key(text), hint=f"…{text[-4:]}", created_by_id=by.membership_id
    )
    record("created", key, by=by, after={"name": name, "hint": key.hint})
    return NewKey(key, text)


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor) -> ApiKey:
    """Stop a key from working, at once and for good; a second time changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record("revoked", key, by=by, before={"hint": key.hint})
    return key
