"""Writing many rows at once: ids drawn ahead, audit entries in one statement."""

from collections.abc import Iterable
from typing import Any

from psycopg2.extras import Json, execute_values

from csworkspace.audit.actions import plain
from csworkspace.audit.actor import Actor

AUDIT = """
insert into csworkspace_auditentry
    (at, actor_id, actor, origin, object_type, verb, object_id, object_label, before, after) values %s
"""
TEMPLATE = "(now(), %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def draw_ids(cursor: Any, table: str, count: int) -> list[int]:
    """So many new ids of a table (a name of ours)."""
    cursor.execute(
        "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, count]
    )
    return [pk for (pk,) in cursor.fetchall()]


def audit_rows(
    verb: str, pk: int | None, label: str, before: dict[str, Any], after: dict[str, Any]
) -> tuple[Any, ...]:
    """One entry's own columns for `insert_audit`."""
    return verb, pk, label[:200], Json(plain(before)), Json(plain(after))


def insert_audit(raw: Any, by: Actor, object_type: str, entries: Iterable[tuple[Any, ...]]) -> None:
    """Add many entries by one actor about one type of objects (psycopg2 cursor)."""
    who = (by.user_id, by.label[:160], by.origin[:80], object_type)
    execute_values(raw, AUDIT, [(*who, *entry) for entry in entries], template=TEMPLATE, page_size=5000)
