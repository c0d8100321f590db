"""Isolation: the same reads as the app's role inside the wall, and as a role that passes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench.books import make_book
from tests.bench.ratios import Ratio, medians

ROUNDS = 61
BOOK = (
    "select account_id, name, arr, attention from accounts_bookrow "
    "where {mine} order by attention desc, account_id desc limit 51"
)
ACCOUNT = (
    "select a.id, a.name, a.arr, d.domain from accounts_account a "
    "join accounts_accountdomain d on d.account_id = a.id{same} where {mine_a} and a.id = %(account)s"
)
DOMAINS = "select domain, account_id from accounts_accountdomain where {mine} and domain = any(%(domains)s)"
FIGURES = "select currency, count(*), sum(arr) from accounts_bookrow where {mine} group by 1"
READS = {
    "the reads of a few pages": [BOOK, ACCOUNT, DOMAINS],
    "figures of 10,000 rows": [FIGURES],
}


def run() -> list[Ratio]:
    """Reads of the pages, in one transaction each time, as a request has it."""
    make_book("wall-other", 10_000)
    workspace, _ = make_book("wall-own", 10_000)
    values = {**known_values(workspace), "workspace": workspace.pk}
    return [
        Ratio(f"{name}, with and without the wall", *sides(statements, values), "s", 1.35)
        for name, statements in READS.items()
    ]


def known_values(workspace: Any) -> dict[str, Any]:
    """An account and some domains of the workspace."""
    from accounts.accounts.models import AccountDomain
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace.pk):
        rows = list(AccountDomain.objects.order_by("pk").values_list("domain", "account_id")[:500])
    return {"domains": [domain for domain, _ in rows], "account": rows[250][1]}


def sides(statements: list[str], values: dict[str, Any]) -> list[float]:
    """Median seconds inside the wall, which is opened first, and outside, where each statement names it."""
    opening = "select set_config('app.workspace', %(workspace)s::text, true)"
    walled = [opening, *(sql.format(mine="true", mine_a="true", same="") for sql in statements)]
    named = [
        sql.format(
            mine="workspace_id = %(workspace)s",
            mine_a="a.workspace_id = %(workspace)s",
            same=" and d.workspace_id = a.workspace_id",
        )
        for sql in statements
    ]
    with connected(app=True) as app, connected(app=False) as free:
        inside, outside = reader(app, walled, values), reader(free, named, values)
        if inside()[1:] != outside():
            raise RuntimeError("the two sides read different rows")
        return medians(inside, outside, rounds=ROUNDS)


def reader(connection: Any, statements: list[str], values: dict[str, Any]) -> Callable[[], list[Any]]:
    """Run the statements in one transaction of this connection; their rows, sorted."""

    def read() -> list[Any]:
        found = []
        with connection, connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql, values)
                found.append(sorted(cursor.fetchall()))
        return found

    return read


@contextmanager
def connected(*, app: bool) -> Iterator[Any]:
    """A connection as the app's role, or as a superuser, whom no policy holds."""
    import psycopg2
    from django.conf import settings

    told = settings.DATABASES["default"] if app else settings.OWNER_DATABASE
    user, password = (told["USER"], told["PASSWORD"]) if app else ("postgres", "")
    connection = psycopg2.connect(
        dbname=told["NAME"], user=user, password=password, host=told["HOST"], port=told["PORT"] or None
    )
    try:
        yield connection
    finally:
        connection.close()
