"""Reading many rows in constant memory."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction

from csworkspace.exports.registry import Rows

BLOCK = 5_000


def stream(sql: str, values: Mapping[str, Any]) -> Rows:
    """The rows of one statement, through a cursor that lives in the running transaction."""
    with transaction.atomic():
        connection.ensure_connection()
        with connection.connection.cursor(name="export_rows") as cursor:
            cursor.itersize = BLOCK
            cursor.execute(sql, values)
            yield from _lists(cursor)


def _lists(cursor: Any) -> Iterator[list[object]]:
    for row in cursor:
        yield list(row)
