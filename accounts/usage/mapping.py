"""Which field of a source feeds which of ours."""

import json
from collections.abc import Mapping
from typing import Any

FIELDS = (
    "event_id",
    "occurred_at",
    "received_at",
    "account",
    "user_email",
    "user_name",
    "feature",
    "quantity",
)
REQUIRED = ("event_id", "occurred_at", "user_email", "feature")
DEFAULT = {name: name for name in FIELDS}
FORM = 'Write it as {"event_id": "their name for it"}; our fields are ' + ", ".join(FIELDS) + "."


class MapRefused(ValueError):
    """A mapping that cannot be used; the text says why and what to write instead."""


def read_map(text: str) -> dict[str, str]:
    """A MAP.json's text as {our field: source field}; fields it leaves out keep their own name.

    {"their name": "our field"} is understood too. Raises MapRefused.
    """
    try:
        given = json.loads(text)
    except ValueError as error:
        raise MapRefused(f"The map is not JSON ({error}). {FORM}") from None
    return complete_map(given)


def complete_map(given: Any) -> dict[str, str]:
    """Check a mapping and add what it leaves out. Raises MapRefused."""
    if isinstance(given, dict):
        given = {ours: _column(told) for ours, told in given.items()}
    if not isinstance(given, dict) or not all(isinstance(name, str) and name for name in given.values()):
        raise MapRefused(f"The map must be one JSON object of names. {FORM}")
    mapping = DEFAULT | _ours_first(given)
    fed: dict[str, str] = {}
    for ours, theirs in mapping.items():
        if theirs in fed:
            raise MapRefused(f"The source field {theirs!r} feeds both {fed[theirs]} and {ours}; choose one.")
        fed[theirs] = ours
    return mapping


def _column(told: Any) -> Any:
    """{"column": "name"} is the long form of "name", as in the maps of accounts."""
    return told["column"] if isinstance(told, dict) and set(told) == {"column"} else told


def _ours_first(given: Mapping[str, str]) -> dict[str, str]:
    if set(given) <= set(FIELDS):
        return dict(given)
    if set(given.values()) <= set(FIELDS) and len(set(given.values())) == len(given):
        return {ours: theirs for theirs, ours in given.items()}
    unknown = ", ".join(repr(name[:60]) for name in sorted(set(given) - set(FIELDS))[:5])
    raise MapRefused(f"The map names fields that events do not have: {unknown}. {FORM}")
