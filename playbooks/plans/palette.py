"""Success plans for the command palette: by title or account."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.urls import workspace_url
from playbooks.plans.models import PlanState

# What is followed comes before drafts, and those before what is closed.
FIND = """
select found.id, found.title, row.name, found.state
from (select id, account_id, title, state, {title} as folded from playbooks_plan offset 0) found
join accounts_bookrow row on row.account_id = found.account_id
where {words}
order by {closeness}, array_position(array['active', 'draft', 'closed'], found.state::text),
    row.name_sort, found.id
limit %s
"""


def find_plans(request: Any, text: str) -> list[Hit]:
    """The closest plans, with their account and, unless it is followed, their state; one query."""
    folded = fold(text)
    words, values = all_words_sql("(found.folded || ' ' || row.name_sort)", folded)
    sql = FIND.format(title=fold_sql("title"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [
        Hit(title, workspace_url(request, "plan", pk), account + _state(state))
        for pk, title, account, state in rows
    ]


def _state(state: str) -> str:
    return "" if state == PlanState.ACTIVE else f", {PlanState(state).label.lower()}"
