"""Indicators for the command palette, by name."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.urls import workspace_url
from playbooks.indicators.models import SignalKind

FIND = """
select found.id, found.name, found.kind
from (select id, name, kind, {name} as folded from playbooks_indicator
    where retired_at is null offset 0) found
where {words}
order by {closeness}, length(found.folded), found.folded, found.id
limit %s
"""


def find_indicators(request: Any, text: str) -> list[Hit]:
    """The closest indicators, with what they tell of; one query."""
    folded = fold(text)
    words, values = all_words_sql("found.folded", folded)
    sql = FIND.format(name=fold_sql("name"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    labels = dict(SignalKind.choices)
    return [
        Hit(name, workspace_url(request, "indicator", pk), labels.get(kind, "")) for pk, name, kind in rows
    ]
