"""Identities: e-mail addresses and product user ids in one form."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_LENGTH = 254
MAX_IDENTITIES = 100


class IdentityError(ValueError):
    """A text that cannot be an identity; the message says why."""


def normalise_identity(text: str) -> str:
    """An e-mail address in lower case, any other id as it is, without spaces at the ends.

    Events' user keys are made by the same rule. Raises IdentityError.
    """
    value = text.strip()
    if not value:
        raise IdentityError("An identity cannot be empty.")
    if len(value) > MAX_LENGTH or any(ord(letter) < 32 for letter in value):
        raise IdentityError(
            f"“{value[:60]}” is too long, or has control characters; no identity is like that."
        )
    return value.lower() if "@" in value else value


def normalise_email(text: str) -> str:
    """A valid e-mail address in lower case, or '' for nothing. Raises IdentityError."""
    value = text.strip().lower()
    if not value:
        return ""
    try:
        validate_email(value)
    except ValidationError as error:
        raise IdentityError(f"“{text.strip()[:80]}” is not an e-mail address.") from error
    return value


def normalise_identities(texts: Iterable[str], email: str = "") -> list[str]:
    """Each identity once, the contact's own e-mail first. Raises IdentityError."""
    values = [normalise_identity(text) for text in texts if text.strip()]
    found = list(dict.fromkeys([email, *values] if email else values))
    if len(found) > MAX_IDENTITIES:
        raise IdentityError(
            f"{len(found)} identities are more than the {MAX_IDENTITIES} one contact may have."
        )
    return found
