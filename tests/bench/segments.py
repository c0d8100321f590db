"""Segments of 100,000 accounts: the compiled condition against SQL by hand, and keeping up."""

from datetime import date, timedelta
from typing import Any

from tests.bench.books import make_book
from tests.bench.ratios import Ratio, medians

ACCOUNTS = 100_000
CHANGED = 100
ROUNDS = 9
STATES = """
insert into accounts_metricstate (account_id, metric_id, day, value, previous)
select id, %s, current_date, id * 13 %% 500, id * 11 %% 500 from accounts_account
"""
# Renews within 200 days, in trouble or falling, and of a region: the three kinds of places to look.
BY_HAND = """
select account_id from accounts_bookrow book
where renewal_on between %(from)s and %(until)s
    and (plan_status in ('slipping', 'off_track') or exists (
        select from accounts_metricstate state where state.account_id = book.account_id
            and state.metric_id = %(metric)s and previous <> 0
            and (value - previous) * 100 <= -10 * abs(previous)))
    and exists (select from accounts_account account where account.id = book.account_id
        and lower(account.attributes ->> 'region') = 'north')
"""
SIMPLE = """
select account_id from accounts_bookrow book
where arr_sort >= 5000000 and level between 2 and 9 and tags && array['vip']::varchar[]
"""


def run() -> list[Ratio]:
    """The same accounts must come out of both sides."""
    workspace, _ = make_book("segments", ACCOUNTS)
    bench = Bench(workspace)
    return [
        bench.against("renewal, plan or metric, attribute", bench.mixed, BY_HAND),
        bench.against("three columns of the book", bench.plain, SIMPLE),
        *bench.refreshing(),
    ]


def condition(field: str, op: str, value: Any = None, of: object = "") -> dict[str, Any]:
    """One condition as it is stored."""
    return {"field": field, "op": op, "value": value, "of": str(of)}


class Bench:
    """A workspace with values, tags and attributes."""

    def __init__(self, workspace: Any) -> None:
        from django.db import connection

        from accounts.metrics.models import Metric
        from csworkspace.tenancy.clock import today
        from csworkspace.tenancy.database import open_workspace
        from csworkspace.tenancy.owner import as_owner

        self.workspace = workspace
        with open_workspace(workspace.pk), connection.cursor() as cursor:
            self.metric, self.today = Metric.objects.create(key="users", name="Users").pk, today()
            cursor.execute(STATES, [self.metric])
            cursor.execute(
                "update accounts_account set attributes = "
                "jsonb_build_object('region', (array['North', 'South', 'West'])[1 + id % 3])"
            )
            cursor.execute("update accounts_bookrow set tags = array['vip'] where account_id % 7 = 0")
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("vacuum analyze accounts_bookrow, accounts_account, accounts_metricstate")
        falling = condition("metric_change", "fell", "10", self.metric)
        trouble = condition("plan", "in", ["slipping", "off_track"])
        soon, north = condition("renewal", "within", "200"), condition("attribute", "is", "North", "region")
        self.mixed = self.read([soon], [trouble, falling], [north])
        rich, high = condition("arr", "at_least", "50000"), condition("level", "at_least", "2")
        self.plain = self.read([rich], [high], [condition("tags", "any", ["vip"])])

    def read(self, *groups: list[dict[str, Any]]) -> Any:
        """A definition: all groups, any condition of each."""
        from accounts.segments.definition import read_definition

        joined = [{"match": "any", "conditions": conditions} for conditions in groups]
        return read_definition({"match": "all", "groups": joined})

    def against(self, name: str, definition: Any, by_hand: str) -> Ratio:
        """The compiled condition, compiling and looking up included, and the statement by hand."""
        from accounts.segments.evaluate import where_of
        from accounts.segments.known import Known
        from csworkspace.tenancy.database import open_workspace

        until: date = self.today + timedelta(200)
        values = {"from": self.today, "until": until, "metric": self.metric}

        def ours() -> list[Any]:
            where, given = where_of(definition, Known())
            return fetch(f"select row.account_id from accounts_bookrow row where {where}", given)

        def bare() -> list[Any]:
            return fetch(by_hand, values)

        with open_workspace(self.workspace.pk):
            if sorted(ours()) != sorted(bare()) or not bare():
                raise RuntimeError(f"{name}: the two sides find other accounts")
            taken, by_hand_taken = medians(ours, bare, rounds=ROUNDS)
        return Ratio(f"{name}: against SQL by hand", taken * 1e3, by_hand_taken * 1e3, "ms", 2)

    def refreshing(self) -> list[Ratio]:
        """Who enters and leaves after a change of 100 accounts, against looking at all of them."""
        from accounts.segments.actions import create_segment, refresh_segments
        from csworkspace.audit.actor import SHELL
        from csworkspace.tenancy.database import open_workspace

        with open_workspace(self.workspace.pk):
            create_segment(by=SHELL, name="Mixed", definition=self.mixed)
            create_segment(by=SHELL, name="Plain", definition=self.plain)
        few = self.some_ids()

        def change_and(ids: list[int] | None) -> None:
            with open_workspace(self.workspace.pk):
                flip(few)
                refresh_segments(ids, by=SHELL)

        change_and(few)
        some, everything = medians(lambda: change_and(few), lambda: change_and(None), rounds=ROUNDS)
        return [
            Ratio("who is in two segments after 100 changes", some * 1e3, 1, "ms", 250),
            Ratio("the same, against looking at all 100,000", some * 1e3, everything * 1e3, "ms", 0.5),
        ]

    def some_ids(self) -> list[int]:
        """Some accounts of the second segment."""
        from csworkspace.tenancy.database import open_workspace

        with open_workspace(self.workspace.pk):
            return sorted(pk for (pk,) in fetch(f"{SIMPLE} order by account_id limit {CHANGED}", {}))


def fetch(statement: str, values: Any) -> list[Any]:
    """Run a query to its end."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def flip(ids: list[int]) -> None:
    """Take these out of the second segment, or put them back."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "update accounts_bookrow set tags = case when tags = '{}' then array['vip'] else '{}' end "
            "where account_id = any(%s)",
            [ids],
        )
