"""Accounts for the command palette: by name, domain or external id."""

from typing import Any

from django.db import connection

from accounts.book.text import fold
from csworkspace.palette.ranking import ELSEWHERE, EXACT, all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.urls import workspace_url

# `search` has a line each for name, domains (the main one first) and external id.
FIND = """
select account_id, name, split_part(split_part(search, E'\\n', 2), ' ', 1) from accounts_bookrow
where {words}
order by least({closeness}, case when split_part(search, E'\\n', 3) = %s then {exact} else {elsewhere} end),
    length(name_sort), name_sort, account_id
limit %s
"""


def find_accounts(request: Any, text: str) -> list[Hit]:
    """The closest accounts, with their main domain; one query."""
    folded = fold(text)
    words, values = all_words_sql("search", folded)
    sql = FIND.format(words=words, closeness=closeness_sql("name_sort"), exact=EXACT, elsewhere=ELSEWHERE)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), folded, LIMIT])
        rows = cursor.fetchall()
    return [Hit(name, workspace_url(request, "account", pk), domain) for pk, name, domain in rows]
