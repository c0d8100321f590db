"""Rates between currencies, and the history of ARR; the book follows each change."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from psycopg2.extras import execute_values

from accounts.accounts.settling import settle_accounts
from accounts.book.actions import refresh_book
from accounts.revenue.models import CurrencyRate
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.tenancy.models import Workspace
from csworkspace.web import times

WRITE = """
insert into accounts_arrpoint (account_id, as_of, arr, currency, actor, recorded_at) values %s
on conflict (workspace_id, account_id, as_of) do update set
    arr = excluded.arr, currency = excluded.currency, actor = excluded.actor,
    recorded_at = excluded.recorded_at
"""
BEHIND = """
select account.id, account.name, account.arr, account.currency, last.arr, last.currency
from (select distinct on (account_id) account_id, arr, currency from accounts_arrpoint
      where account_id = any(%s) and as_of <= %s order by account_id, as_of desc) last
join accounts_account account on account.id = last.account_id
where (account.arr, account.currency) is distinct from (last.arr, last.currency)
order by account.id
"""
FOLLOW = """
update accounts_account account set arr = fresh.arr, currency = fresh.currency, updated_at = now()
from (values %s) as fresh (id, arr, currency) where account.id = fresh.id
"""


class RateRefused(ValueError):
    """A rate that cannot be; the text says why and what to do."""


@transaction.atomic
def state_rate(*, by: Actor, currency: str, since: date, rate: Decimal) -> CurrencyRate:
    """State what one unit of a currency is worth in the workspace's, from a day on. Raises RateRefused."""
    own = Workspace.objects.values_list("currency", flat=True).get()
    if currency == own:
        raise RateRefused(f"{own} is the workspace's own currency: its rate is always 1.")
    try:
        with transaction.atomic():
            stated = CurrencyRate.objects.create(
                currency=currency, into_currency=own, since=since, rate=rate, actor=by.label[:160]
            )
    except IntegrityError as error:
        raise RateRefused(
            f"A rate of {currency} from {times.day(since)} is stated already. "
            "Remove it first, or choose another day."
        ) from error
    record("stated", stated, by=by, after=_values(stated))
    refresh_book()
    return stated


@transaction.atomic
def remove_rate(stated: CurrencyRate, *, by: Actor) -> None:
    """Withdraw a rate: an earlier one holds again, or amounts in the currency are not compared any more."""
    record("removed", stated, by=by, before=_values(stated))
    stated.delete()
    refresh_book()


def _values(stated: CurrencyRate) -> dict[str, str]:
    rate = f"1 {stated.currency} = {stated.rate.normalize():f} {stated.into_currency}"
    return {"rate": rate, "since": times.day(stated.since)}


def write_points(points: Sequence[tuple[Any, ...]], *, by: Actor) -> None:
    """Write points of the history: account id, day, ARR, currency; one of the same day is replaced."""
    actor = by.label[:160]
    rows = [(*point, actor) for point in points]
    template = "(%s, %s, %s, %s, %s, now())"
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, WRITE, rows, template=template, page_size=5000)


@transaction.atomic
def follow_points(account_ids: Sequence[int], day: date, *, by: Actor) -> list[int]:
    """Let accounts pay what their newest point up to a day says; the ids of those that did not."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [list(account_ids), day])
        found = cursor.fetchall()
        fresh = [(pk, arr, currency) for pk, _, _, _, arr, currency in found]
        template = "(%s::bigint, %s::numeric, %s)"
        execute_values(cursor.cursor, FOLLOW, fresh, template=template, page_size=5000)
        entries = [
            audit_rows(
                "updated by import", pk, name, {"arr": was, "currency": old}, {"arr": arr, "currency": new}
            )
            for pk, name, was, old, arr, new in found
        ]
        insert_audit(cursor.cursor, by, "account", entries)
    ids = [pk for pk, *_ in found]
    settle_accounts(ids, by=by)
    return ids
