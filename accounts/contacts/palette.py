"""People of accounts for the command palette: by name or e-mail address."""

from typing import Any

from django.db import connection

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.web.urls import workspace_url

# Folded once for each row, and only then compared; those who have left come last.
FIND = """
select found.id, found.account_id, found.name, account.name, found.left_on
from (select id, account_id, name, left_on, {name} as folded, lower(email) as address
      from accounts_contact offset 0) found
join accounts_account account on account.id = found.account_id
where {words}
order by found.left_on is not null, {closeness}, length(found.folded), found.folded, found.id
limit %s
"""


def find_contacts(request: Any, text: str) -> list[Hit]:
    """The closest people, with their account; one query."""
    folded = fold(text)
    words, values = all_words_sql("(found.folded || ' ' || found.address)", folded)
    sql = FIND.format(name=fold_sql("name"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [
        Hit(
            name,
            f"{workspace_url(request, 'account_people', account_id)}#person-{pk}",
            f"{account}, left" if left_on else account,
        )
        for pk, account_id, name, account, left_on in rows
    ]
