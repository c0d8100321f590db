"""Invitation secrets: `<workspace id>-<random>`, so that one is looked up inside its workspace only."""

import hashlib
import re
import secrets

from django.conf import settings
from django.urls import reverse

FORM = re.compile(r"([0-9]{1,18})-[A-Za-z0-9_-]{43}")


def new_token(workspace_id: int) -> str:
    """A fresh secret of 256 bits."""
    return f"{workspace_id}-{secrets.token_urlsafe(32)}"


def hash_token(token: str) -> str:
    """SHA-256: the secret is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def workspace_of(token: str) -> int | None:
    """The workspace that the token claims to belong to; None if it is no token."""
    match = FORM.fullmatch(token)
    return int(match[1]) if match else None


def link_of(token: str) -> str:
    """The address that accepts with this secret."""
    return f"{settings.SITE_URL}{reverse('invitation_accept', args=[token])}"
