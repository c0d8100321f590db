"""Segments for the command palette, by name."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url

FIND = """
select found.id, found.name, found.size
from (select id, name, size, {name} as folded from accounts_segment offset 0) found
where {words}
order by {closeness}, length(found.folded), found.folded, found.id
limit %s
"""


def find_segments(request: Any, text: str) -> list[Hit]:
    """The closest segments, with how many accounts are in them; one query."""
    folded = fold(text)
    words, values = all_words_sql("found.folded", folded)
    sql = FIND.format(name=fold_sql("name"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [
        Hit(name, workspace_url(request, "segment", pk), plural(size, "account")) for pk, name, size in rows
    ]
