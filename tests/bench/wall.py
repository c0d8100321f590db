"""Isolation: the same reads as the app's role inside the wall, and as a role that passes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench.books import make_book
from tests.bench.ratios import Ratio, medians

ROUNDS = 41
READS = {
    "a page of the book": "select account_id, name, arr, attention from accounts_bookrow "
    "where {mine} order by attention desc, account_id desc limit 51",
    "an account with its domains": "select a.id, a.name, a.arr, d.domain from accounts_account a "
    "join accounts_accountdomain d on d.account_id = a.id{same} where {mine_a} and a.id = %(account)s",
    "500 domains": "select domain, account_id from accounts_accountdomain "
    "where {mine} and domain = any(%(domains)s)",
    "figures of 10,000 rows": "select currency, count(*), sum(arr) from accounts_bookrow "
    "where {mine} group by 1",
}


def run() -> list[Ratio]:
    """Four reads of the pages, each in a transaction of its own as a request has it."""
    make_book("wall-other", 10_000)
    workspace, _ = make_book("wall-own", 10_000)
    values = known_values(workspace)
    return [
        Ratio(f"{name}, with and without the wall", *sides(sql, workspace.pk, values), "s", 1.35)
        for name, sql in READS.items()
    ]


def known_values(workspace: Any) -> dict[str, Any]:
    """An account and some domains of the workspace."""
    from accounts.accounts.models import AccountDomain
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace.pk):
        rows = list(AccountDomain.objects.order_by("pk").values_list("domain", "account_id")[:500])
    return {"domains": [domain for domain, _ in rows], "account": rows[250][1]}


def sides(sql: str, workspace_id: int, values: dict[str, Any]) -> list[float]:
    """Median seconds inside the wall, and outside of it with the workspace named in the statement."""
    walled = sql.format(mine="true", mine_a="true", same="")
    named = sql.format(
        mine="workspace_id = %(workspace)s",
        mine_a="a.workspace_id = %(workspace)s",
        same=" and d.workspace_id = a.workspace_id",
    )
    with free_connection() as free:
        if inside(walled, workspace_id, values) != outside(free, named, workspace_id, values):
            raise RuntimeError(f"the two sides read different rows: {sql}")
        return medians(
            lambda: inside(walled, workspace_id, values),
            lambda: outside(free, named, workspace_id, values),
            rounds=ROUNDS,
        )


def inside(sql: str, workspace_id: int, values: dict[str, Any]) -> list[Any]:
    """As the app: the workspace is opened for the transaction, the statement does not name it."""
    from django.db import connection, transaction

    from csworkspace.tenancy.database import enter_workspace

    with transaction.atomic(), connection.cursor() as cursor:
        enter_workspace(workspace_id)
        cursor.execute(sql, values)
        return sorted(map(str, cursor.fetchall()))


def outside(free: Any, sql: str, workspace_id: int, values: dict[str, Any]) -> list[Any]:
    """As a role that passes the wall: the statement names the workspace."""
    with free, free.cursor() as cursor:
        cursor.execute(sql, {**values, "workspace": workspace_id})
        return sorted(map(str, cursor.fetchall()))


@contextmanager
def free_connection() -> Iterator[Any]:
    """A connection as a superuser, whom no policy holds."""
    import psycopg2
    from django.conf import settings

    owner = settings.OWNER_DATABASE
    connection = psycopg2.connect(
        dbname=owner["NAME"],
        user="postgres",
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"] or None,
    )
    try:
        yield connection
    finally:
        connection.close()
