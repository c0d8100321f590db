"""Many audit entries by one actor in one statement."""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg2.extras import Json, execute_values

from csworkspace.audit.actions import plain
from csworkspace.audit.actor import Actor

AUDIT = """
insert into csworkspace_auditentry
    (at, actor_id, actor, origin, object_type, verb, object_id, object_label, before, after) values %s
"""
TEMPLATE = "(now(), %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def audit_rows(
    verb: str, pk: int | None, label: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Any, ...]:
    """One entry's own columns for `insert_audit`."""
    return verb, pk, label[:200], Json(plain(before)), Json(plain(after))


def insert_audit(raw: Any, by: Actor, object_type: str, entries: Iterable[tuple[Any, ...]]) -> None:
    """Add many entries by one actor about one type of objects (psycopg2 cursor)."""
    who = (by.user_id, by.label[:160], by.origin[:80], object_type)
    execute_values(raw, AUDIT, [(*who, *entry) for entry in entries], template=TEMPLATE, page_size=5000)
