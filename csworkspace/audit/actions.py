"""Writing to the audit log, in the transaction of the change itself."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model

from csworkspace.audit.actor import Actor
from csworkspace.audit.models import AuditEntry

PLAIN = (str, int, float, bool, type(None))


def plain(value: Any) -> Any:
    """A JSON-safe form of a field's value, readable by people."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, Decimal | datetime.date | datetime.datetime):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def values_of(subject: Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields of an object as plain values, for `before` and `after`."""
    return {name: plain(getattr(subject, name)) for name in fields}


def record(
    verb: str,
    subject: Model,
    *,
    by: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry: `verb` is a past-tense word or two, such as "issued".

    With both `before` and `after`, only what differs is kept.
    """
    old, new = plain(before or {}), plain(after or {})
    if old and new:
        same = {key for key in old if key in new and old[key] == new[key]}
        old = {key: value for key, value in old.items() if key not in same}
        new = {key: value for key, value in new.items() if key not in same}
    return AuditEntry.objects.create(
        actor_id=by.user_id,
        actor=by.label[:160],
        origin=by.origin[:80],
        verb=verb,
        object_type=str(subject._meta.model_name),
        object_id=subject.pk,
        object_label=str(subject)[:200],
        before=old,
        after=new,
    )
