"""Single values of accounts as JSON, as change sets keep them."""

import re
from datetime import date
from typing import Any

from accounts.accounts.models import Account
from accounts.changes.fields import FIELDS

LAST_ID = 2**63 - 1
# What PostgreSQL takes for no text: NUL, and halves of characters.
NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def value_of(account: Account, field: str) -> Any:
    """A field of an account as JSON."""
    return as_json(getattr(account, FIELDS[field].column))


def as_json(value: Any) -> Any:
    """A date as text; everything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def is_value(field: str, value: Any) -> bool:
    """Whether JSON that somebody sent can be a value of the field, so that it can be compared with it."""
    if field == "tags":
        return isinstance(value, list) and all(map(_is_text, value))
    if field == "stage":
        return _is_text(value)
    if field == "renewal_on":
        return value is None or _is_day(value)
    return value is None or (type(value) is int and 0 < value <= LAST_ID)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not NO_TEXT.search(value)


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False
