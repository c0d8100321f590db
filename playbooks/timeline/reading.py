"""How a source finds its newest happenings before a place: one statement, whatever it joins."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connection

from playbooks.timeline.sources import Place

Row = TypeVar("Row")
# A key is told apart byte by byte, as Python compares texts: "note 9" is newer than "note 10".
NEWEST = """
select * from ({told}) told{older}
order by at desc, key collate "C" desc limit %s
"""
OLDER = ' where (at, key collate "C") < (%s, %s)'


def newest(
    row: Callable[..., Row], told: str, values: Sequence[Any], before: Place | None, limit: int
) -> list[Row]:
    """The newest `limit` rows before the place; `told` is a statement (of ours) with the columns of `row`.

    Two of its columns are `at` (a moment) and `key` (a text, unique among all happenings).
    """
    sql = NEWEST.format(told=told, older=OLDER if before else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *(before or ()), limit])
        return [row(*found) for found in cursor.fetchall()]


def midnight(day: str) -> str:
    """SQL for the moment at which a day (an expression of ours) begins; its value is the zone's name."""
    return f"(({day})::timestamp at time zone %s)"
