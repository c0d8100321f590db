"""Keeping the history of ARR: one statement, whatever the number of accounts."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from csworkspace.audit.actor import Actor

NOTE = """
insert into accounts_arrpoint (account_id, as_of, arr, currency, actor, recorded_at)
select account.id, %(today)s, account.arr, account.currency, %(actor)s, now()
from accounts_account account
left join lateral (
    select arr, currency from accounts_arrpoint point
    where point.account_id = account.id and point.as_of <= %(today)s
    order by point.as_of desc limit 1) last on true
where (%(ids)s::bigint[] is null or account.id = any(%(ids)s::bigint[]))
    and (last.arr is distinct from account.arr
        or account.arr is not null and last.currency <> account.currency)
order by account.id
on conflict (workspace_id, account_id, as_of) do update set
    arr = excluded.arr, currency = excluded.currency, actor = excluded.actor,
    recorded_at = excluded.recorded_at
"""


def note_arr(account_ids: Iterable[int] | None, today: date, *, by: Actor) -> int:
    """Write down what accounts (None: all) pay now and did not before; how many. The last of a day counts."""
    ids = None if account_ids is None else sorted(set(account_ids))
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"ids": ids, "today": today, "actor": by.label[:160]})
        return int(cursor.rowcount)
