"""Indicators of 10,000 accounts: a full pass against the bare aggregates, and changes in proportion."""

from typing import Any

from tests.bench.books import make_book
from tests.bench.ratios import Ratio, medians

ACCOUNTS = 10_000
INDICATORS = 20
ROUNDS = 5
# Values every two weeks of half a year for two metrics, and a contact with each account.
FILL = """
insert into accounts_measurement (account_id, metric_id, day, value, source, note, actor, recorded_at)
select account.id, metric.id, current_date - 14 * n, 20 + (account.id * 13 + n * 7) %% 40, 'events',
    '', '', now()
from accounts_account account cross join accounts_metric metric cross join generate_series(0, 13) n
"""
STATES = """
insert into accounts_metricstate (account_id, metric_id, day, value)
select account_id, metric_id, day, value from accounts_measurement where day = current_date
"""
CONTACTS = """
insert into accounts_contact (account_id, name, title, role, email, phone, created_at, updated_at)
select id, 'Person', '', 'champion', '', '', now(), now() from accounts_account where id %% 3 > 0
"""
# What each kind of indicator must read at least: its aggregate by account, and nothing else.
BARE = {
    "metric": "select account_id, value from accounts_metricstate where metric_id = %(metric)s",
    "metric_change": """
        select account.id, avg(value) filter (where n = 0), avg(value) filter (where n > 0)
        from accounts_account account cross join generate_series(0, 3) n cross join lateral (
            select value from accounts_measurement measurement where measurement.account_id = account.id
                and metric_id = %(metric)s and superseded_at is null and day <= current_date - n * 28
            order by day desc limit 1) found group by account.id""",
    "silence": "select account_id, current_date - last_active_on from accounts_bookrow",
    "no_champion": """select account_id, count(*) from accounts_contact
        where role in ('champion', 'sponsor') and left_on is null group by account_id""",
    "renewal": "select id, renewal_on - current_date from accounts_account",
}


def run() -> list[Ratio]:
    """The statements by hand against evaluating, and few accounts against many."""
    workspace, _ = make_book("indicators", ACCOUNTS)
    bench = Bench(workspace)
    return [*bench.full(), *bench.parts()]


class Bench:
    """A workspace with 20 indicators: eight of change, four of level, and the cheap ones."""

    def __init__(self, workspace: Any) -> None:
        from django.db import connection

        from csworkspace.tenancy.database import open_workspace
        from csworkspace.tenancy.owner import as_owner

        self.workspace = workspace
        with open_workspace(workspace.pk):
            self.metrics = self.define_metrics()
            with connection.cursor() as cursor:
                for statement in (FILL, STATES, CONTACTS):
                    cursor.execute(statement.replace("%%", "%"))
            self.indicators = self.define()
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("vacuum analyze accounts_measurement, accounts_metricstate, accounts_contact")

    def define_metrics(self) -> list[int]:
        """Two metrics."""
        from accounts.metrics.models import Metric

        return [
            Metric.objects.create(key=key, name=key, aggregation="users", window_days=28).pk
            for key in ("one", "two")
        ]

    def define(self) -> list[Any]:
        """The indicators; thresholds at which some of the accounts hold."""
        kinds = ["metric_change"] * 8 + ["metric"] * 4 + ["silence", "no_champion"] * 3 + ["renewal"] * 2
        return [self.one(kind, number) for number, kind in enumerate(kinds)]

    def one(self, kind: str, number: int) -> Any:
        """One indicator of a kind."""
        from playbooks.indicators.models import Indicator

        metric = self.metrics[number % 2]
        params: dict[str, Any] = {"metric": metric, "direction": "fell", "recent": 1, "past": 3, "base": "5"}
        params |= {"roles": ["champion", "sponsor"]}
        low = kind in ("metric", "no_champion", "renewal")
        begins, ends = ("0", "0") if kind == "no_champion" else ("30", "30")
        return Indicator.objects.create(
            key=f"i{number}", name=f"I {number}", kind="risk", measure=kind, explanation="x", actor="b",
            definition={
                "params": params, "when": "at_most" if low else "at_least", "begins": begins, "ends": ends,
            },
        )  # fmt: skip

    def bare(self) -> None:
        """Every aggregate, read to its end."""
        from django.db import connection

        with connection.cursor() as cursor:
            for number, indicator in enumerate(self.indicators):
                cursor.execute(BARE[indicator.measure], {"metric": self.metrics[number % 2]})
                cursor.fetchall()

    def keep(self, ids: list[int] | None = None) -> int:
        """Evaluate and keep what changed."""
        from csworkspace.audit.actor import SHELL
        from playbooks.indicators.actions import keep_readings

        return keep_readings(ids, by=SHELL)

    def full(self) -> list[Ratio]:
        """A pass over everything after some values moved, and judging alone; the first fill is told too."""
        import time

        from csworkspace.tenancy.clock import today
        from csworkspace.tenancy.database import open_workspace
        from csworkspace.tenancy.owner import as_owner
        from playbooks.indicators.evaluating import evaluate

        with open_workspace(self.workspace.pk):
            begun = time.perf_counter()
            written = self.keep()
            first = time.perf_counter() - begun
        if written != ACCOUNTS * INDICATORS:
            raise RuntimeError(f"{written} readings were written")
        self.analyze(as_owner)
        with open_workspace(self.workspace.pk):
            kept, bare = medians(self.keep, self.bare, rounds=ROUNDS)
            judged, _ = medians(lambda: evaluate(self.indicators, None, today()), self.bare, rounds=3)
        name = f"{INDICATORS} indicators × {ACCOUNTS:,} accounts"
        return [
            Ratio(f"{name}: keeping, against bare aggregates", kept * 1e3, bare * 1e3, "ms", 2),
            Ratio("the same, all rows brought to Python", judged * 1e3, bare * 1e3, "ms", None),
            Ratio("the first time, writing 200,000 readings", first * 1e3, bare * 1e3, "ms", 40),
        ]

    def analyze(self, as_owner: Any) -> None:
        """As autovacuum does after so many rows."""
        from django.db import connection

        with as_owner(), connection.cursor() as cursor:
            cursor.execute("vacuum analyze playbooks_reading")

    def parts(self) -> list[Ratio]:
        """100 changed accounts against 1,000 and against all."""
        from accounts.accounts.models import Account
        from csworkspace.tenancy.database import open_workspace

        with open_workspace(self.workspace.pk):
            ids = list(Account.objects.order_by("pk").values_list("pk", flat=True)[:1000])
            few, many = medians(lambda: self.change(ids[:100]), lambda: self.change(ids), rounds=ROUNDS)
            some, everything = medians(lambda: self.change(ids[:100]), self.keep, rounds=ROUNDS)
        return [
            Ratio("100 changed accounts, against 1,000", few * 1e3, many * 1e3, "ms", 0.4),
            Ratio("100 changed accounts, against all 10,000", some * 1e3, everything * 1e3, "ms", 0.15),
        ]

    def change(self, ids: list[int]) -> None:
        """Move their values to the other side of the threshold, and evaluate them."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "update accounts_metricstate set value = 60 - value where account_id = any(%s)", [ids]
            )
        self.keep(ids)
