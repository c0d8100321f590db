"""Reading measurements: what a metric was on a day, and how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from accounts.metrics.models import Measurement, Metric
from csworkspace.web.urls import workspace_url

LATEST = """
select account_id, metric_id, found.day, found.value
from unnest(%(accounts)s::bigint[]) as account_id cross join unnest(%(metrics)s::bigint[]) as metric_id
cross join lateral (
    select day, value from accounts_measurement measurement
    where measurement.account_id = account_id.account_id and measurement.metric_id = metric_id.metric_id
        and {state} and day <= %(day)s
    order by day desc limit 1
) found
"""
CURRENT = "superseded_at is null"
CURRENT_THEN = "recorded_at < %(until)s and (superseded_at is null or superseded_at >= %(until)s)"


@dataclass(frozen=True)
class Point:
    """A metric's value, measured on that day; it holds until the next point."""

    day: date
    value: Decimal


def series(account_id: int, metric_id: int, since: date, until: date) -> list[Point]:
    """The current measurements in [since, until], and the last one before `since` if there is one."""
    before = value_on(account_id, metric_id, since - timedelta(days=1))
    rows = Measurement.objects.filter(
        account_id=account_id, metric_id=metric_id, superseded_at=None, day__gte=since, day__lte=until
    )
    points = [Point(day, value) for day, value in rows.order_by("day").values_list("day", "value")]
    return [before, *points] if before else points


def value_on(account_id: int, metric_id: int, day: date) -> Point | None:
    """The latest value on or before a day; None if nothing was measured until then."""
    return values_on([account_id], [metric_id], day).get((account_id, metric_id))


def values_on(
    account_ids: Iterable[int],
    metric_ids: Iterable[int],
    day: date,
    *,
    recorded_before: datetime | None = None,
) -> dict[tuple[int, int], Point]:
    """The latest value on or before a day, by (account id, metric id); one query.

    recorded_before: as it was known at that moment, before later corrections; None: as it is known now.
    """
    values: dict[str, Any] = {"accounts": list(account_ids), "metrics": list(metric_ids), "day": day}
    values["until"] = recorded_before
    with connection.cursor() as cursor:
        cursor.execute(LATEST.format(state=CURRENT_THEN if recorded_before else CURRENT), values)
        return {(account, metric): Point(on, value) for account, metric, on, value in cursor.fetchall()}


def daily_values(account_id: int, metric_id: int, since: date, until: date) -> list[Point]:
    """One point a day from the first known value on, filled forward; for charts."""
    return fill_forward(series(account_id, metric_id, since, until), since, until)


def fill_forward(points: list[Point], since: date, until: date) -> list[Point]:
    """Points in order → one a day in [since, until]; days before the first point are left out."""
    filled: list[Point] = []
    ahead = iter([*points, None])
    point, value = next(ahead), None
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        while point is not None and point.day <= day:
            value, point = point.value, next(ahead)
        if value is not None:
            filled.append(Point(day, value))
    return filled


def evidence_url(request: Any, account_id: int, metric_id: int, day: date | None = None) -> str:
    """The page that shows what is behind a metric of an account on a day."""
    key = Metric.objects.values_list("key", flat=True).get(pk=metric_id)
    return evidence_url_by_key(request, account_id, key, day)


def evidence_url_by_key(request: Any, account_id: int, key: str, day: date | None = None) -> str:
    """The same for callers that know the metric's key: no query."""
    url = workspace_url(request, "evidence", account_id, key)
    return f"{url}?{urlencode({'day': day.isoformat()})}" if day else url


def active_metrics() -> list[Metric]:
    """The metrics in use: the headline first, then by name."""
    return list(Metric.objects.filter(retired_at=None).order_by("-is_headline", "name", "id"))
