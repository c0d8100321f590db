"""The audit entries of an account and of what belongs to it, newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from csworkspace.audit.models import AuditEntry
from csworkspace.web import times
from csworkspace.web.formats import DASH

OwnedIds = Callable[[int], QuerySet[Any]]
_owned: dict[str, OwnedIds] = {}
PAGE = 50


@dataclass(frozen=True)
class Change:
    """One field's old and new value as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One audit entry, ready to print; `summary` is its changes (or what was made) on one line."""

    pk: int
    when: str
    iso: str
    by: str
    title: str
    changes: list[Change]
    summary: str
    is_change: bool


def add_history(object_type: str, owned_ids: OwnedIds) -> None:
    """Show entries of another model in its account's history (call in register()).

    `object_type` is the model's name in lower case; `owned_ids(account_id)` gives a
    queryset of one column with the ids of the account's objects.
    """
    _owned[object_type] = owned_ids


def history(account_id: int, zone: str, *, before: int | None = None, limit: int = PAGE) -> list[Entry]:
    """Up to `limit` + 1 entries older than the entry with the id `before`; one query."""
    entries = AuditEntry.objects.order_by("-id")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    # Each part is cut by itself, so that its index ends the work early.
    parts = [entries.filter(object_type="account", object_id=account_id)[: limit + 1]]
    parts += [
        entries.filter(object_type=kind, object_id__in=owned_ids(account_id))[: limit + 1]
        for kind, owned_ids in _owned.items()
    ]
    found = parts[0].union(*parts[1:], all=True).order_by("-id")[: limit + 1] if parts[1:] else parts[0]
    return [entry_of(entry, zone) for entry in found]


def entry_of(entry: AuditEntry, zone: str) -> Entry:
    """An entry with its changes in words."""
    subject = "" if entry.object_type == "account" else f" {entry.object_type} {entry.object_label}"
    title = f"{entry.verb[:1].upper()}{entry.verb[1:]}{subject}"
    names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    changes = [
        Change(name.replace("_", " "), shown(entry.before.get(name)), shown(entry.after.get(name)))
        for name in names
        if entry.before.get(name) or entry.after.get(name)
    ]
    iso = entry.at.isoformat(timespec="seconds")
    when = times.moment(entry.at, zone)
    words = [
        f"{c.field}: {c.before} → {c.after}" if entry.before else f"{c.field}: {c.after}" for c in changes
    ]
    summary = "; ".join(words if not entry.before else words[:3])
    return Entry(entry.pk, when, iso, entry.actor, title, changes, summary[:600], bool(entry.before))


def shown(value: Any) -> str:
    """A JSON value as a person reads it."""
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or DASH
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(item)}" for name, item in value.items()) or DASH
    return str(value)
