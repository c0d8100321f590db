"""Playbooks for the command palette, by name."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.urls import workspace_url
from playbooks.playbooks.models import PlaybookState

FIND = """
select found.id, found.name, found.state
from (select id, name, state, {name} as folded from playbooks_playbook offset 0) found
where {words}
order by {closeness}, array_position(array['active', 'paused', 'draft', 'retired'], found.state::text),
    found.folded, found.id
limit %s
"""


def find_playbooks(request: Any, text: str) -> list[Hit]:
    """The closest playbooks, with their state unless they are active; one query."""
    folded = fold(text)
    words, values = all_words_sql("found.folded", folded)
    sql = FIND.format(name=fold_sql("name"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [
        Hit(
            name,
            workspace_url(request, "playbook", pk),
            "" if state == PlaybookState.ACTIVE else str(PlaybookState(state).label),
        )
        for pk, name, state in rows
    ]
