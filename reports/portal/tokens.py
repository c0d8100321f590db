"""The text of a share link's token, and the cookie it is swapped for."""

import hashlib
import re
import secrets
from typing import Any

from django.core import signing

TOKEN = re.compile(r"csl_([0-9]{1,18})_([A-Za-z0-9_-]{43})")
COOKIE = "csw_portal"
SALT = "csworkspace.portal"


def new_token(workspace_id: int) -> str:
    """A fresh token, shown once; it names its workspace so that it is looked up inside of it only."""
    return f"csl_{workspace_id}_{secrets.token_urlsafe(32)}"


def hash_token(token: str) -> str:
    """SHA-256 of a token: it is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def workspace_in(token: str) -> int | None:
    """The workspace that a well-formed token names, or None."""
    form = TOKEN.fullmatch(token)
    return int(form[1]) if form else None


def seal(workspace_id: int, link_id: int) -> str:
    """The cookie's value: which link, in which workspace, signed."""
    return signing.dumps({"w": workspace_id, "l": link_id}, salt=SALT)


def unseal(value: str) -> tuple[int, int] | None:
    """(workspace id, link id) of a cookie that we signed, or None."""
    try:
        content: Any = signing.loads(value, salt=SALT)
        return int(content["w"]), int(content["l"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
