"""Usage events and measurements as CSV."""

from accounts.metrics.models import Metric
from accounts.usage.queries import bounds
from csworkspace.exports.registry import Exporter, ExportRefused, Rows, Span
from csworkspace.exports.stream import stream
from csworkspace.tenancy import clock

# The columns up to quantity can be loaded again by `ingest`. account is what the event
# itself said; account_id and account_name are what it came to mean.
EVENT_HEADER = [
    "event_id", "occurred_at", "received_at", "account", "user_email", "user_name", "feature",
    "quantity", "account_id", "account_name", "recorded_at", "batch",
]  # fmt: skip
EVENTS_SQL = """
select event_id, occurred_at, received_at, case when account_key like 'id:%%' then substr(account_key, 4) end,
    user_key, user_name, feature, quantity, event.account_id, account.name, recorded_at, batch_id
from accounts_event event left join accounts_account account on account.id = event.account_id
where true{limits} order by occurred_at, event.id
"""
# A row without superseded_at is the one that counts; values hold until the next day that has one.
MEASUREMENT_HEADER = [
    "account_id", "account_external_id", "account_name", "metric", "day", "value", "unit", "source",
    "actor", "note", "recorded_at", "superseded_at",
]  # fmt: skip
MEASUREMENTS_SQL = """
select account.id, account.external_id, account.name, metric.key, day, value, metric.unit, source, actor,
    note, recorded_at, superseded_at
from accounts_measurement measurement
join accounts_account account on account.id = measurement.account_id
join accounts_metric metric on metric.id = measurement.metric_id
where true{limits} order by account.id, metric.key, day, recorded_at, measurement.id
"""


def event_rows(span: Span) -> Rows:
    """Events that occurred in the span's days (of the workspace's time zone), in order."""
    zone = clock.zone()
    limits, values = "", {}
    if span.since:
        limits += " and occurred_at >= %(since)s"
        values["since"] = bounds(span.since, span.since, zone)[0]
    if span.until:
        limits += " and occurred_at < %(until)s"
        values["until"] = bounds(span.until, span.until, zone)[1]
    return stream(EVENTS_SQL.format(limits=limits), values)


def measurement_rows(span: Span) -> Rows:
    """Measurements of the span's days and metric. Raises ExportRefused."""
    limits, values = "", dict(vars(span))
    if span.metric:
        _check(span.metric)
        limits += " and metric.key = %(metric)s"
    if span.since:
        limits += " and day >= %(since)s"
    if span.until:
        limits += " and day <= %(until)s"
    return stream(MEASUREMENTS_SQL.format(limits=limits), values)


def _check(key: str) -> None:
    known = list(Metric.objects.order_by("key").values_list("key", flat=True))
    if key not in known:
        raise ExportRefused(f"There is no metric {key!r}. Choose one of: {', '.join(known) or '(none yet)'}.")


EVENTS = Exporter("events", EVENT_HEADER, event_rows)
MEASUREMENTS = Exporter("measurements", MEASUREMENT_HEADER, measurement_rows)
