"""Writing many rows at once: ids drawn ahead."""

from typing import Any


def draw_ids(cursor: Any, table: str, count: int) -> list[int]:
    """So many new ids of a table (a name of ours)."""
    cursor.execute(
        "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, count]
    )
    return [pk for (pk,) in cursor.fetchall()]
