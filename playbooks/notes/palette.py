"""Notes and meetings for the command palette: by their words and the account's name."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.times import day
from csworkspace.web.urls import workspace_url

# Only so many of the newest are looked through, and of each the beginning of its text.
NEWEST, LETTERS = 5000, 2000
FIND = f"""
select found.id, found.title, row.name, (found.happened_at at time zone %s)::date
from (select id, account_id, title, happened_at, {fold_sql("title")} as folded,
          {fold_sql(f"left(text, {LETTERS})")} as words
      from (select * from playbooks_note where removed_at is null
            order by happened_at desc, id desc limit {NEWEST}) newest offset 0) found
join accounts_bookrow row on row.account_id = found.account_id
where {{words}}
order by {{closeness}}, found.happened_at desc, found.id desc
limit %s
"""


def find_notes(request: Any, text: str) -> list[Hit]:
    """The closest notes, the newest first among equals, with account and day; one query."""
    folded = fold(text)
    words, values = all_words_sql("(found.folded || ' ' || found.words || ' ' || row.name_sort)", folded)
    sql = FIND.format(words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [request.workspace.timezone, *values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [
        Hit(title, workspace_url(request, "note", pk), f"{account}, {day(on)}")
        for pk, title, account, on in rows
    ]
