"""Signals for the command palette: by title or account."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.urls import workspace_url

# What waits alone: what is over is found on the account.
FIND = """
select found.id, found.title, row.name
from (select id, account_id, title, severity, {title} as folded from playbooks_signal
      where state <> 'resolved' offset 0) found
join accounts_bookrow row on row.account_id = found.account_id
where {words}
order by {closeness}, found.severity desc, row.name_sort, found.id
limit %s
"""


def find_signals(request: Any, text: str) -> list[Hit]:
    """The closest signals that are not resolved, with their account; one query."""
    folded = fold(text)
    words, values = all_words_sql("(found.folded || ' ' || row.name_sort)", folded)
    sql = FIND.format(title=fold_sql("title"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [Hit(title, workspace_url(request, "signal", pk), account) for pk, title, account in rows]
