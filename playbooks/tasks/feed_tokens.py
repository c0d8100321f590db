"""The text of a calendar feed's token."""

import hashlib
import re
import secrets

TOKEN = re.compile(r"csc_([0-9]{1,18})_([A-Za-z0-9_-]{43})")


def new_token(workspace_id: int) -> str:
    """A fresh token, shown once; it names its workspace so that it is looked up inside of it only."""
    return f"csc_{workspace_id}_{secrets.token_urlsafe(32)}"


def hash_token(token: str) -> str:
    """SHA-256 of a token: it is random enough to need no salt, and what is compared is not the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def workspace_in(token: str) -> int | None:
    """The workspace that a well-formed token names, or None."""
    form = TOKEN.fullmatch(token)
    return int(form[1]) if form else None
