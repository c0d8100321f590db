"""Queueing the account-days whose measurements are to be made again."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from csworkspace.tenancy import clock

QUEUE = """
insert into accounts_toucheddays (account_id, due, days)
select account_id, min(day), array_agg(distinct day) from ({used}) used
where account_id is not null
-- A day that has not begun waits in a row of its own, to be taken on that day.
group by account_id, case when day > (statement_timestamp() at time zone %(zone)s)::date then day end
"""
LOCAL_DAY = "(occurred_at at time zone %(zone)s)::date"
OF_PEOPLE = QUEUE.format(
    used=f"select account_id, {LOCAL_DAY} as day from accounts_event "
    "where account_id = any(%(accounts)s) and user_key = any(%(people)s)"
)


def queue_sql(source: str) -> str:
    """A statement that queues the accounts and days of a table's or CTE's events; takes %(zone)s."""
    return QUEUE.format(used=f"select account_id, {LOCAL_DAY} as day from {source}")


def touch_people(account_ids: Sequence[int], identities: Sequence[str]) -> int:
    """Queue the days on which these people were active; the number of accounts where they were.

    For identities that have come to mean another contact, which changes how many
    distinct people there were. Follow it with `request_measuring`.
    """
    values: dict[str, Any] = {
        "accounts": list(account_ids),
        "people": list(identities),
        "zone": clock.zone(),
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_PEOPLE, values)
        return int(cursor.rowcount)
