"""What is behind a number of the customer's own account, as the customer may see it.

Staff and other people's names stay out of it: a day's use is shown as counts by feature.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.metrics.models import Measurement, MeasurementSource, Metric
from accounts.metrics.queries import daily_values, series
from accounts.usage.models import Event
from accounts.usage.queries import bounds
from csworkspace.web.formats import number, with_unit
from csworkspace.web.times import day as day_text
from csworkspace.web.times import day_range, moment

CHART_DAYS = 180
MOST_ROWS = 60
MOST_FEATURES = 50


@dataclass(frozen=True)
class MeasurementRow:
    """A measurement as the list prints it."""

    day: str
    iso: str
    value: str
    source: str
    recorded: str


def daily_points(account_id: int, metric: Metric, until: date) -> list[tuple[date, Any]]:
    """One (day, value) per day of the last half year; for the chart."""
    since = until - timedelta(days=CHART_DAYS)
    return [(point.day, point.value) for point in daily_values(account_id, metric.pk, since, until)]


def value_text(account_id: int, metric: Metric, on: date) -> str:
    """The value that holds on a day, with its unit."""
    points = series(account_id, metric.pk, on, on)
    return with_unit(points[-1].value, metric.unit) if points else ""


def measurements(account_id: int, metric: Metric, until: date, zone: str) -> list[MeasurementRow]:
    """The newest current measurements up to a day."""
    found = Measurement.objects.filter(
        account_id=account_id, metric=metric, superseded_at=None, day__lte=until
    ).order_by("-day")[:MOST_ROWS]
    return [
        MeasurementRow(
            day=day_text(row.day),
            iso=row.day.isoformat(),
            value=with_unit(row.value, metric.unit),
            source=_source(row),
            recorded=moment(row.recorded_at, zone),
        )
        for row in found
    ]


def _source(row: Measurement) -> str:
    return "usage events" if row.source == MeasurementSource.EVENTS else "entered by a person"


def uses_by_feature(account_id: int, metric: Metric, on: date, zone: str) -> dict[str, Any]:
    """The events inside the metric's window on a day, counted by feature; nothing for entered numbers."""
    start = on - timedelta(days=metric.window_days - 1)
    begin, after = bounds(start, on, zone)
    events = Event.objects.filter(
        matching(metric.features), account_id=account_id, occurred_at__gte=begin, occurred_at__lt=after
    )
    rows = events.values("feature").annotate(times=Count("id"), people=Count("user_key", distinct=True))
    return {
        "window": day_range(start, on),
        "rows": [
            {"feature": row["feature"], "times": number(row["times"]), "people": number(row["people"])}
            for row in rows.order_by("-times", "feature")[:MOST_FEATURES]
        ],
    }


def matching(features: list[str]) -> Q:
    """Exact names, or prefixes that end in ".*"; none means every feature."""
    wanted = Q()
    for name in features:
        wanted |= Q(feature__startswith=name[:-1]) if name.endswith(".*") else Q(feature=name)
    return wanted
