"""The catalogue of metrics, and what a definition would give before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.book.models import BookRow
from accounts.metrics import words
from accounts.metrics.counting import count_each
from accounts.metrics.models import Metric, MetricState
from accounts.metrics.queries import evidence_url_by_key
from accounts.usage.queries import bounds
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url

KNOWN_DAYS = 90
KNOWN_SHOWN = 200
PREVIEWED = 5
TOP = 20
KNOWN = """
select feature, count(*) from accounts_event
where occurred_at >= %s and occurred_at < %s group by feature order by 2 desc, 1 limit %s
"""


@dataclass(frozen=True)
class CatalogueLine:
    """A metric in the catalogue."""

    pk: int
    url: str
    key: str
    name: str
    definition: str
    window: str
    unit: str
    direction: str
    is_headline: bool
    is_retired: bool
    accounts: str
    measured: str


def list_metrics(request: Any) -> list[CatalogueLine]:
    """All metrics: those in use by name, the headline first, then the retired ones; one query."""
    states = MetricState.objects.filter(metric=OuterRef("pk")).order_by().values("metric")
    counted = Coalesce(Subquery(states.annotate(n=Count("pk")).values("n")), 0)
    found = Metric.objects.annotate(account_count=counted)
    base = workspace_url(request, "metrics")
    lines = [catalogue_line(one, f"{base}{one.pk}/") for one in found.order_by("-is_headline", "name", "id")]
    return sorted(lines, key=lambda line: line.is_retired)


def catalogue_line(metric: Any, url: str) -> CatalogueLine:
    """A metric with `account_count`, ready to print."""
    return CatalogueLine(
        pk=metric.pk,
        url=url,
        key=metric.key,
        name=metric.name,
        definition=words.counted_in_words(metric),
        window=words.window_in_words(metric),
        unit=metric.unit or formats.DASH,
        direction=words.direction_in_words(metric),
        is_headline=metric.is_headline,
        is_retired=metric.retired_at is not None,
        accounts=formats.number(metric.account_count),
        measured=measured_in_words(metric),
    )


def measured_in_words(metric: Metric) -> str:
    """Up to which day a usage metric has its values."""
    if metric.retired_at:
        return "retired"
    if not words.is_usage(metric):
        return formats.DASH
    return times.day(metric.measured_until) if metric.measured_until else "being measured"


def top_values(request: Any, metric: Metric, today: date) -> list[dict[str, str]]:
    """The accounts with the largest values, each with its evidence; one query."""
    states = (
        MetricState.objects.filter(metric=metric).select_related("account").order_by("-value", "account_id")
    )
    return [
        {
            "account": state.account.name,
            "value": words.value_in_words(metric, state.value),
            "day": times.day(state.day),
            "url": evidence_url_by_key(request, state.account_id, metric.key, today),
        }
        for state in states[:TOP]
    ]


def known_features(today: date, zone: str) -> list[dict[str, str]]:
    """The features of the last weeks by how often they were used; one query."""
    start, end = bounds(today - timedelta(days=KNOWN_DAYS - 1), today, zone)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [start, end, KNOWN_SHOWN])
        return [{"name": name, "uses": formats.number(uses)} for name, uses in cursor.fetchall()]


def preview(definition: Mapping[str, Any], today: date, zone: str) -> list[dict[str, str]]:
    """Today's value of a definition for the most active accounts, nothing saved; two queries."""
    # The book knows who is most active by the present headline metric, without reading events.
    rows = BookRow.objects.order_by("-headline_sort", "-last_active_on", "account_id")[:PREVIEWED]
    names = dict(rows.values_list("account_id", "name"))
    values = count_each(
        definition["aggregation"], definition["features"], definition["window_days"], list(names), today, zone
    )
    unit = definition["unit"]
    return [
        {"account": name, "value": formats.with_unit(values.get(pk, 0), unit)} for pk, name in names.items()
    ]
