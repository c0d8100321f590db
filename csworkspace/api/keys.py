"""API keys: `csw_<workspace id>_<secret>`, looked up inside their workspace only."""

import hashlib
import re
import secrets
from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from csworkspace.audit.actor import Actor
from csworkspace.people.models import ApiKey
from csworkspace.tenancy.database import enter_workspace, set_local

KEY_FORM = re.compile(r"csw_([0-9]{1,18})_([A-Za-z0-9_-]{43})")


def hash_key(text: str) -> str:
    """SHA-256 of a key: it is random enough to need no salt."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_key(workspace_id: int) -> str:
    """A fresh key's text, shown once."""
    return f"csw_{workspace_id}_{secrets.token_urlsafe(32)}"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer csw_…` opens the key's workspace for the request."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        """The key as `request.auth`; None without a header, an error for a bad key."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        form = KEY_FORM.fullmatch(text.strip())
        if form is None:
            raise AuthenticationFailed("This is not an API key of CS Workspace.")
        enter_workspace(int(form[1]))
        key = ApiKey.objects.filter(key_hash=hash_key(text.strip()), revoked_at=None).first()
        if key is None:
            set_local(workspace="")
            raise AuthenticationFailed("This API key is unknown or revoked.")
        note_use(key, timezone.now().date())
        request._request.actor = Actor(label=f"API key {key.name}", origin="api")  # type: ignore[attr-defined]
        return (None, key)

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing key a 401."""
        return "Bearer"


def note_use(key: ApiKey, today: date) -> None:
    """Remember the last day of use; one write a day, not one a request."""
    if key.last_used_on != today:
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)


class HasApiKey(BasePermission):
    """Only requests with a valid key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether a key was recognised."""
        return isinstance(request.auth, ApiKey)
