"""The audit entries of an account and of what belongs to it, newest first."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from csworkspace.audit.models import AuditEntry
from csworkspace.audit.queries import Change
from csworkspace.audit.words import in_words
from csworkspace.web import times
from csworkspace.web.formats import DASH

OwnedIds = Callable[[int], QuerySet[Any]]
_owned: dict[str, OwnedIds] = {}
_words: dict[str, str] = {}
PAGE = 50
# Stand for the account and the page's begin in a statement that is made once.
ACCOUNT, BEFORE = -9_000_000_000_000_001, -9_000_000_000_000_002


class Raw(NamedTuple):
    """The columns of an audit entry that a history reads; before and after are JSON texts."""

    id: int
    at: datetime
    actor: str
    object_type: str
    verb: str
    object_label: str
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


def add_history(object_type: str, owned_ids: OwnedIds, *, word: str = "") -> None:
    """Show entries of another model in its account's history (call in register()).

    `object_type` is the model's name in lower case; `owned_ids(account_id)` gives a
    queryset of one column with the ids of the account's objects; `word` is what people
    call it, if not by the model's name.
    """
    _owned[object_type] = owned_ids
    _words[object_type] = word or object_type


def history(account_id: int, zone: str, *, before: int | None = None, limit: int = PAGE) -> list[Entry]:
    """Up to `limit` + 1 entries older than the entry with the id `before`; one query."""
    sql, values = statement(before is not None, limit + 1, tuple(_owned))
    told = {ACCOUNT: account_id, BEFORE: before}
    with connection.cursor() as cursor:
        cursor.execute(sql, [told.get(value, value) for value in values])
        return [entry_of(Raw(*row), zone) for row in cursor.fetchall()]


@lru_cache(maxsize=16)
def statement(paged: bool, limit: int, kinds: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """The SQL of a history, with ACCOUNT and BEFORE among its values.

    Made once: composing the union costs Django more than PostgreSQL needs to run it.
    """
    entries = AuditEntry.objects.order_by("-id").values_list(*Raw._fields)
    if paged:
        entries = entries.filter(pk__lt=BEFORE)
    # Each part is cut by itself, so that its index ends the work early.
    parts = [entries.filter(object_type="account", object_id=ACCOUNT)[:limit]]
    parts += [entries.filter(object_type=kind, object_id__in=_owned[kind](ACCOUNT))[:limit] for kind in kinds]
    found = parts[0].union(*parts[1:], all=True).order_by("-id")[:limit] if kinds else parts[0]
    sql, values = found.query.sql_with_params()
    return sql, tuple(values)


def entry_of(raw: Raw, zone: str) -> Entry:
    """An entry with its changes in words."""
    word = _words.get(raw.object_type, raw.object_type)
    subject = "" if raw.object_type == "account" else f" {word} {raw.object_label}"
    title = f"{raw.verb[:1].upper()}{raw.verb[1:]}{subject}"
    old, new = json.loads(raw.before), json.loads(raw.after)
    names = [*old, *(name for name in new if name not in old)]
    changes = [
        Change(name.replace("_", " "), _text(old.get(name), zone), _text(new.get(name), zone))
        for name in names
        if old.get(name) or new.get(name)
    ]
    iso, when = raw.at.isoformat(timespec="seconds"), times.moment(raw.at, zone)
    words = [f"{c.field}: {c.before} → {c.after}" if old else f"{c.field}: {c.after}" for c in changes]
    summary = "; ".join(words[:3] if old else words)
    return Entry(raw.id, when, iso, raw.actor, title, changes, summary[:600], bool(old))


def _text(value: Any, zone: str) -> str:
    return in_words(value, zone) or DASH
