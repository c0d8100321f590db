"""Pieces of SQL that measures share: the values of a metric at several days before, for any knowledge.

All take %(day)s, %(until)s and %(zone)s, and read the accounts of the statement's `scope`.
"""

from datetime import timedelta
from typing import Any

from accounts.metrics.counting import VALUES
from accounts.metrics.models import Aggregation, Metric, MetricKind
from accounts.usage.features import matching
from accounts.usage.queries import bounds
from playbooks.indicators.asked import Asked, Known

Sql = tuple[str, dict[str, Any]]
# A number that people enter says something for its window and this long; as plans count it.
GRACE_DAYS = 14
LATEST = """select value, day from accounts_measurement measurement
        where measurement.account_id = scope.account_id and metric_id = %({name}_metric)s
            and day <= %(day)s::date - n * %({name}_width)s {state} order by day desc limit 1"""
CURRENT = "and superseded_at is null"
POINTS = """
    select scope.account_id, n, found.value, found.day
    from scope cross join generate_series(0, %({name}_last)s) n
    cross join lateral ({latest}) found
"""
# What was current then: written before, and corrected later or not at all.
AS_RECORDED = """select value, day from (
        ({current}) union all ({corrected})
    ) kept order by day desc limit 1"""
COUNTED = """
    select grid.account_id, grid.n, coalesce(counted.value, 0) as value, null::date as day
    from (
        select seen.account_id, n from (
            select event.account_id, min((event.occurred_at at time zone %(zone)s)::date) as first_on
            from accounts_event event
            where event.account_id is not null and event.occurred_at < %(until)s{known}{within}
            group by event.account_id
        ) seen join scope on scope.account_id = seen.account_id
        cross join generate_series(0, %({name}_last)s) n
        where seen.first_on <= %(day)s::date - n * %({name}_width)s
    ) grid left join (
        select event.account_id, least({value}, 99999999999999) as value,
            (%(day)s::date - (event.occurred_at at time zone %(zone)s)::date) / %({name}_width)s as n
        from accounts_event event
        left join accounts_contactidentity identity on identity.value = event.user_key
        where event.account_id is not null and event.occurred_at >= %({name}_since)s
            and event.occurred_at < %(until)s{known}{within}{filter}
        group by 1, 3
    ) counted on counted.account_id = grid.account_id and counted.n = grid.n
"""


def points(asked: Asked, metric: Metric, count: int, name: str = "m") -> Sql:
    """Rows (account_id, n, value, day): the metric n windows before the day, n from 0 to count - 1.

    Windows of a usage metric do not overlap: they lie window_days apart. A value that did not exist then
    has no row. `name` keeps the parameters of two metrics apart.
    """
    values: dict[str, Any] = {
        f"{name}_metric": metric.pk,
        f"{name}_width": metric.window_days,
        f"{name}_last": count - 1,
    }
    if asked.known == Known.RECEIVED and metric.kind == MetricKind.USAGE:
        return _counted(asked, metric, count, name, values)
    return POINTS.format(name=name, latest=_latest(asked, name)), values


def _latest(asked: Asked, name: str) -> str:
    if asked.known != Known.RECORDED:
        return LATEST.format(name=name, state=CURRENT)
    written = "and recorded_at < %(until)s"
    return AS_RECORDED.format(
        current=LATEST.format(name=name, state=f"{CURRENT} {written}"),
        corrected=LATEST.format(name=name, state=f"and superseded_at >= %(until)s {written}"),
    )


def _counted(asked: Asked, metric: Metric, count: int, name: str, values: dict[str, Any]) -> Sql:
    """Counted anew from the events that had been received by then."""
    feature_filter, features = matching(metric.features, "event.feature")
    for key in features:
        feature_filter = feature_filter.replace(f"%({key})s", f"%({name}_{key})s")
    first = asked.day - timedelta(days=metric.window_days * count - 1)
    text = COUNTED.format(
        name=name,
        value=VALUES[Aggregation(metric.aggregation)],
        known=asked.events_known(),
        within=asked.within("event.account_id"),
        filter=feature_filter,
    )
    given = {f"{name}_{key}": value for key, value in features.items()}
    return text, {**values, **given, f"{name}_since": bounds(first, first, asked.zone)[0]}


def is_fresh(metric: Metric, point: str, days: str = "0") -> str:
    """A condition: a number that people enter is not older than its window and the days of grace."""
    if metric.kind == MetricKind.USAGE:
        return "true"
    return f"{point}.day >= %(day)s::date - {days} - {metric.window_days + GRACE_DAYS}"


def local_day(column: str = "event.occurred_at") -> str:
    """The day of a moment in the workspace's zone."""
    return f"({column} at time zone %(zone)s)::date"


def since_of(asked: Asked, days: int) -> Any:
    """The moment when the last `days` days began."""
    first = asked.day - timedelta(days=days - 1)
    return bounds(first, first, asked.zone)[0]
