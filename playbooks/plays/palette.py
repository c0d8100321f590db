"""Plays for the command palette: by playbook or account, those that run first."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.urls import workspace_url
from playbooks.plays.models import ACTIVE, PlayState

FIND = """
select found.id, found.name, row.name, found.state
from (
    select play.id, play.account_id, playbook.name, play.state, {name} as folded
    from playbooks_play play join playbooks_playbook playbook on playbook.id = play.playbook_id offset 0
) found
join accounts_bookrow row on row.account_id = found.account_id
where {words}
order by array_position(array['running', 'paused', 'done', 'stopped'], found.state::text), {closeness},
    row.name_sort, found.id desc
limit %s
"""


def find_plays(request: Any, text: str) -> list[Hit]:
    """The closest plays with their account, and their state unless they run; one query."""
    folded = fold(text)
    words, values = all_words_sql("(found.folded || ' ' || row.name_sort)", folded)
    sql = FIND.format(name=fold_sql("playbook.name"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [
        Hit(name, workspace_url(request, "play", pk), account + _state(state))
        for pk, name, account, state in rows
    ]


def _state(state: str) -> str:
    return "" if state in ACTIVE else f", {PlayState(state).label.lower()}"
