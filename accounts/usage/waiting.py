"""Events that wait for their account, and assigning them when it appears.

Only waiting events are ever assigned. An event that has an account keeps it when a
domain is moved or removed later: history is not rewritten by editing an account.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date

from django.db import connection, transaction

from accounts.usage.actions import request_measuring
from accounts.usage.store import lock_accounts_of_events, resolve_keys
from accounts.usage.touching import queue_sql
from csworkspace.audit.actor import Actor
from csworkspace.tenancy import clock

# Keys that may mean these accounts. Explicit ids are compared without regard to case
# when they are domains, which no index answers: all that wait are looked at.
KEYS = """
select 'domain:' || domain from accounts_accountdomain where account_id = any(%(ids)s)
union select distinct account_key from accounts_event
    where account_id is null and account_key >= 'id:' and account_key < 'id;'
"""
MONTHS = """
select distinct date_trunc('month', occurred_at at time zone 'UTC')::date from accounts_event
where account_id is null and account_key = any(%s) order by 1
"""
ASSIGN = f"""
with named as (
    select * from unnest(%(keys)s::text[], %(accounts)s::bigint[]) as named (key, account)
), assigned as (
    update accounts_event set account_id = named.account from named
    where account_id is null and account_key = named.key
        and occurred_at >= %(first)s::timestamp at time zone 'UTC'
        and occurred_at < (%(first)s + interval '1 month') at time zone 'UTC'
    returning account_id, occurred_at
), touched as ({queue_sql("assigned")})
select count(*) from assigned
"""

Step = Callable[[], AbstractContextManager[None]]


def resolve_waiting(account_ids: Sequence[int], by: Actor, step: Step = transaction.atomic) -> int:
    """Give waiting events to these accounts as far as they mean them; how many.

    With a `step` that opens transactions of its own, each month is committed by itself.
    """
    with step():
        keys = waiting_keys(account_ids)
        months = _months(list(keys))
    assigned = 0
    for month in months:
        with step():
            assigned += assign(keys, month)
    if assigned:
        with step():
            request_measuring(by)
    return assigned


def waiting_keys(account_ids: Sequence[int]) -> dict[str, int]:
    """The account keys of waiting events that mean one of these accounts.

    Waits for running loads, which may not have seen the accounts.
    """
    lock_accounts_of_events(alone=True)
    with connection.cursor() as cursor:
        cursor.execute(KEYS, {"ids": list(account_ids)})
        candidates = [key for (key,) in cursor.fetchall()]
    wanted = set(account_ids)
    return {key: account for key, account in resolve_keys(candidates).items() if account in wanted}


def assign(keys: Mapping[str, int], month: date) -> int:
    """Give one month's waiting events their accounts; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            ASSIGN,
            {
                "keys": list(keys),
                "accounts": list(keys.values()),
                "first": month,
                "zone": clock.zone(),
            },
        )
        return int(cursor.fetchone()[0])


def _months(keys: list[str]) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [keys])
        return [month for (month,) in cursor.fetchall()]
