"""Single values of accounts as JSON, as change sets keep them."""

from datetime import date
from typing import Any

from accounts.accounts.models import Account
from accounts.changes.fields import FIELDS

MAX_TAGS = 20
TAG_LENGTH = 40


def value_of(account: Account, field: str) -> Any:
    """A field of an account as JSON."""
    return as_json(getattr(account, FIELDS[field].column))


def as_json(value: Any) -> Any:
    """A date as text; everything else as it is."""
    return value.isoformat() if isinstance(value, date) else value
