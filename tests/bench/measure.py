"""Measuring touched account-days: against hand-written SQL, for more of them, and in a larger table."""

import statistics
from datetime import date
from functools import partial
from typing import Any

import msgspec
from django.db import connection
from django.utils import timezone
from psycopg2.extras import execute_values

from accounts.metrics.measuring import measure_touched
from accounts.metrics.models import Aggregation, Metric
from accounts.usage.actions import open_batch, write_chunk
from accounts.usage.mapping import DEFAULT
from accounts.usage.parsing import in_chunks, parse_ndjson
from accounts.usage.store import ensure_months
from csworkspace.audit.actor import SHELL
from csworkspace.tenancy.database import open_workspace
from tests.bench.ratios import Ratio, seconds_of
from tests.bench.worlds import make_events, make_workspace

ACCOUNTS = 2_000
EVENTS = 200_000
MORE_EVENTS = 800_000
ROUNDS = 5
WINDOW = 28
PICK = """
select account_id, day from (
    select distinct account_id, (occurred_at at time zone 'UTC')::date as day from accounts_event
    where account_id is not null and occurred_at < now() - interval '40 days'
) days order by md5(account_id::text || day::text) limit %s
"""
QUEUE = (
    "insert into accounts_toucheddays (account_id, due, days) "
    "select account_id, min(day), array_agg(day) from (values %s) as picked (account_id, day) group by 1"
)
# What somebody would write by hand for one metric: the distinct people of the 28 days up to each
# day that can have changed, and the correction of what is there.
BY_HAND = """
create temporary table affected on commit drop as
    select distinct account_id, day + later as day
    from unnest(%(accounts)s::bigint[], %(days)s::date[]) as touched (account_id, day)
    cross join generate_series(0, %(window)s) as later where day + later <= current_date;
analyze affected;
create temporary table used on commit drop as
    select distinct span.account_id, (occurred_at at time zone 'UTC')::date as day, user_key
    from (select account_id, min(day) - %(window)s as first, max(day) + 1 as last
          from affected group by account_id) span
    cross join lateral (
        select occurred_at, user_key from accounts_event event where event.account_id = span.account_id
            and occurred_at >= span.first::timestamp at time zone 'UTC'
            and occurred_at < span.last::timestamp at time zone 'UTC' offset 0
    ) event;
analyze used;
create temporary table computed on commit drop as
    select changing.account_id, changing.day, count(distinct user_key) as value
    from (select account_id, day from affected join (
              select account_id, day from used union select account_id, day + %(window)s from used
          ) moved using (account_id, day)) changing
    left join used on used.account_id = changing.account_id
        and used.day between changing.day - (%(window)s - 1) and changing.day
    group by changing.account_id, changing.day;
analyze computed;
update accounts_measurement old set superseded_at = now() from computed
where old.account_id = computed.account_id and old.metric_id = %(metric)s and old.day = computed.day
    and old.superseded_at is null and old.value <> computed.value;
insert into accounts_measurement (account_id, metric_id, day, value, source, note, actor, recorded_at)
select account_id, %(metric)s, day, value, 'events', '', '', now() from computed
where not exists (
    select from accounts_measurement old where old.account_id = computed.account_id
        and old.metric_id = %(metric)s and old.day = computed.day and old.superseded_at is null)
"""


def run() -> list[Ratio]:
    """Every round measures days without values: they are removed before each of them."""
    workspace, _ = make_workspace("bench", 2 * ACCOUNTS)
    _load(workspace, EVENTS, seed=1)
    bench = Bench(workspace, _define(workspace))
    thousand, ten_thousand = bench.touched(1_000), bench.touched(10_000)
    bench.ours(thousand)
    pairs = [(bench.ours(thousand), bench.by_hand(thousand)) for _ in range(ROUNDS)]
    small, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    large = statistics.median(bench.ours(ten_thousand) for _ in range(3))
    _load(workspace, MORE_EVENTS, seed=2, first_account=ACCOUNTS)
    grown = statistics.median(bench.ours(thousand) for _ in range(ROUNDS))
    return [
        Ratio("1,000 touched account-days, against SQL by hand", small * 1e3, bare * 1e3, "ms", 2),
        Ratio("10,000 of them, against 1,000", large * 1e3, small * 1e3, "ms", 12),
        Ratio(
            "1,000 of them with five times the events, against before", grown * 1e3, small * 1e3, "ms", 1.5
        ),
    ]


class Bench:
    """Both sides on the same touched days of one metric."""

    def __init__(self, workspace: int, metric: int) -> None:
        self.workspace, self.metric = workspace, metric

    def touched(self, count: int) -> list[tuple[int, date]]:
        """Account-days with events, picked without order."""
        with open_workspace(self.workspace), connection.cursor() as cursor:
            cursor.execute(PICK, [count])
            return sorted(cursor.fetchall())

    def ours(self, touched: list[tuple[int, date]]) -> float:
        """Seconds from the queue to values, states, book and announcements."""
        with open_workspace(self.workspace), connection.cursor() as cursor:
            self._clear(cursor)
            execute_values(cursor.cursor, QUEUE, touched)
        return seconds_of(lambda: measure_touched(partial(open_workspace, self.workspace), SHELL))

    def by_hand(self, touched: list[tuple[int, date]]) -> float:
        """Seconds of statements that write the same measurements and nothing else."""
        with open_workspace(self.workspace), connection.cursor() as cursor:
            self._clear(cursor)
        return seconds_of(lambda: self._by_hand(touched))

    def _by_hand(self, touched: list[tuple[int, date]]) -> None:
        accounts, days = [pk for pk, _ in touched], [day for _, day in touched]
        values = {
            "accounts": accounts,
            "days": days,
            "window": WINDOW,
            "metric": self.metric,
        }
        with open_workspace(self.workspace), connection.cursor() as cursor:
            cursor.execute(BY_HAND, values)

    def _clear(self, cursor: Any) -> None:
        cursor.execute("delete from accounts_measurement")
        cursor.execute("delete from accounts_toucheddays")


def _define(workspace: int) -> int:
    """The metric, without measuring everything."""
    with open_workspace(workspace):
        metric = Metric.objects.create(
            key="people", name="People", aggregation=Aggregation.USERS, window_days=WINDOW, is_headline=True
        )
        return int(metric.pk)


def _load(workspace: int, count: int, *, seed: int, first_account: int = 0) -> None:
    """Events of ACCOUNTS accounts, without measuring."""
    events = make_events(count, accounts=ACCOUNTS, seed=seed, first_account=first_account)
    for chunk in in_chunks(parse_ndjson(map(msgspec.json.encode, events), DEFAULT, timezone.now()), 20_000):
        with open_workspace(workspace):
            ensure_months(chunk.facts)
            write_chunk(open_batch("bench", DEFAULT, by=SHELL), chunk, "UTC")
    with open_workspace(workspace), connection.cursor() as cursor:
        cursor.execute("delete from accounts_toucheddays")
    with connection.cursor() as cursor:
        cursor.execute("analyze accounts_event")
