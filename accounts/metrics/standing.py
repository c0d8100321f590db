"""How an account's metrics stand: value, change and course, a line for each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from accounts.metrics import words
from accounts.metrics.models import Measurement, Metric, MetricKind
from accounts.metrics.queries import Point, evidence_url_by_key, fill_forward, values_on
from csworkspace.charts import sparkline
from csworkspace.web import times

SPARK_DAYS = 90
SPARK = (120, 28)
MONTH = timedelta(days=28)


@dataclass(frozen=True)
class MetricLine:
    """A metric of an account, ready to print."""

    key: str
    name: str
    definition: str
    value: str
    measured: str
    change: words.Change
    spark: SafeString
    url: str
    is_headline: bool
    is_outcome: bool
    has_value: bool


def metric_lines(
    request: Any, account_id: int, metrics: Sequence[Metric], today: date, *, size: tuple[int, int] = SPARK
) -> list[MetricLine]:
    """These metrics as they stand today; two queries, however many metrics. `size` is the sparkline's."""
    since = today - timedelta(days=SPARK_DAYS - 1)
    points = courses(account_id, [metric.pk for metric in metrics], since, today)
    return [_line(request, account_id, metric, points[metric.pk], since, today, size) for metric in metrics]


def headline_line(
    request: Any, account_id: int, today: date, *, size: tuple[int, int] = SPARK
) -> MetricLine | None:
    """The headline metric as it stands today, if there is one; one query."""
    since = today - timedelta(days=SPARK_DAYS - 1)
    metric: Any = headline_with_course(account_id, since, today).first()
    if metric is None:
        return None
    points = [Point(day, value) for day, value in zip(metric.days, metric.values, strict=True)]
    return _line(request, account_id, metric, points, since, today, size)


def headline_with_course(account_id: int, since: date, until: date) -> QuerySet[Any]:
    """The headline metric with its course in [since, until] as `days` and `values`.

    The overview has few queries to spare, so that all of it comes in one.
    """
    current = Measurement.objects.filter(account_id=account_id, superseded_at=None, day__lte=until)
    before = current.filter(metric=OuterRef(OuterRef("pk")), day__lt=since).order_by("-day").values("day")[:1]
    course = current.filter(metric=OuterRef("pk"), day__gte=Coalesce(Subquery(before), since)).order_by("day")
    return Metric.objects.filter(is_headline=True, retired_at=None).annotate(
        days=ArraySubquery(course.values("day")),
        values=ArraySubquery(course.values("value")),
    )


def courses(account_id: int, metric_ids: list[int], since: date, until: date) -> dict[int, list[Point]]:
    """The current measurements of some metrics in [since, until], and the last one before, by metric."""
    found: dict[int, list[Point]] = defaultdict(list)
    for (_, metric_id), point in values_on([account_id], metric_ids, since - timedelta(days=1)).items():
        found[metric_id].append(point)
    rows = Measurement.objects.filter(
        account_id=account_id, metric_id__in=metric_ids, superseded_at=None, day__gte=since, day__lte=until
    )
    for metric_id, day, value in rows.order_by("day").values_list("metric_id", "day", "value"):
        found[metric_id].append(Point(day, value))
    return found


def _line(
    request: Any,
    account_id: int,
    metric: Metric,
    points: list[Point],
    since: date,
    today: date,
    size: tuple[int, int],
) -> MetricLine:
    daily = {point.day: point.value for point in fill_forward(points, since, today)}
    now, before = daily.get(today), daily.get(today - MONTH)
    value = words.value_in_words(metric, now)
    outcome = metric.kind == MetricKind.OUTCOME
    label = f"{metric.name}: {words.value_in_words(metric, daily.get(since))} to {value} in {SPARK_DAYS} days"
    return MetricLine(
        key=metric.key,
        name=metric.name,
        definition=metric.description
        if outcome and metric.description
        else words.definition_in_words(metric),
        value=value,
        measured=times.relative_day(points[-1].day, today) if outcome and points else "",
        change=words.change_between(metric, before, now),
        spark=sparkline(
            [daily.get(since + timedelta(days=n)) for n in range(SPARK_DAYS)],
            label=label,
            width=size[0],
            height=size[1],
        ),
        url=evidence_url_by_key(request, account_id, metric.key, today),
        is_headline=metric.is_headline,
        is_outcome=outcome,
        has_value=now is not None,
    )
