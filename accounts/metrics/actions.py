"""Defining metrics, and entering the numbers that no event carries."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.metrics.measuring import settle, usage_metrics
from accounts.metrics.models import (
    Aggregation,
    Direction,
    Measurement,
    MeasurementSource,
    Metric,
    MetricKind,
)
from csworkspace.audit import actions as audit
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from csworkspace.tenancy.clock import today

FIELDS = (
    "key",
    "name",
    "description",
    "kind",
    "unit",
    "direction",
    "aggregation",
    "features",
    "window_days",
    "is_headline",
)
DEFINING = ("aggregation", "features", "window_days")
MAX_WINDOW = 366
MAX_FEATURES = 50
MAX_VALUE = Decimal(10) ** 14


class MetricError(ValueError):
    """A definition or a value that cannot be; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def define_metric(
    *,
    by: Actor,
    key: str,
    name: str,
    aggregation: str = "",
    features: Sequence[str] = (),
    window_days: int = 28,
    unit: str = "",
    direction: str = Direction.UP,
    kind: str = MetricKind.USAGE,
    is_headline: bool = False,
    description: str = "",
) -> Metric:
    """Define a metric; a usage metric is measured for all accounts by a job. Raises MetricError."""
    metric = Metric(
        key=key, name=name, description=description, kind=kind, unit=unit, direction=direction,
        aggregation=aggregation, features=list(features), window_days=window_days, is_headline=is_headline,
    )  # fmt: skip
    check_definition(metric)
    _take_headline(metric, by)
    metric.save()
    audit.record("defined", metric, by=by, after=audit.values_of(metric, FIELDS))
    _measure_all(metric, by)
    if metric.is_headline:
        _show_another_headline(by)
    return metric


@transaction.atomic
def edit_metric(metric: Metric, *, by: Actor, **fields: Any) -> Metric:
    """Change the given fields; values of an earlier definition are corrected by a job. Raises MetricError."""
    metric = Metric.objects.select_for_update(of=("self",)).get(pk=metric.pk)
    before = audit.values_of(metric, FIELDS)
    if fields.get("kind", metric.kind) != metric.kind:
        raise MetricError("kind", "A metric stays what it is, usage or outcome; define another one instead.")
    for field, value in fields.items():
        setattr(metric, field, value)
    check_definition(metric)
    after = audit.values_of(metric, FIELDS)
    if after == before:
        return metric
    redefined = any(before[field] != after[field] for field in DEFINING)
    _take_headline(metric, by)
    if redefined:
        metric.measured_until = None
    metric.save()
    audit.record("edited", metric, by=by, before=before, after=after)
    if redefined:
        _measure_all(metric, by)
    if before["is_headline"] != after["is_headline"]:
        _show_another_headline(by)
    return metric


@transaction.atomic
def retire_metric(metric: Metric, *, by: Actor) -> None:
    """Stop measuring a metric; what was measured stays."""
    if metric.retired_at is None:
        was_headline = metric.is_headline
        metric.retired_at, metric.is_headline = timezone.now(), False
        metric.save(update_fields=["retired_at", "is_headline", "updated_at"])
        audit.record("retired", metric, by=by)
        if was_headline:
            _show_another_headline(by)


def check_definition(metric: Metric) -> None:
    """Bring a definition into one form. Raises MetricError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", metric.key):
        raise MetricError("key", "Write the key with small letters, digits, - and _, such as monthly-users.")
    if Metric.objects.filter(key=metric.key).exclude(pk=metric.pk).exists():
        raise MetricError("key", f"Another metric has the key {metric.key} already.")
    if not metric.name.strip():
        raise MetricError("name", "Give the metric a name.")
    metric.features = clean_features(metric.features)
    if metric.kind == MetricKind.OUTCOME:
        metric.aggregation, metric.features = "", []
        return
    if metric.aggregation not in Aggregation.values:
        raise MetricError("aggregation", "Choose how the events are counted.")
    if not 1 <= metric.window_days <= MAX_WINDOW:
        raise MetricError("window_days", f"The window has 1 to {MAX_WINDOW} days.")


def clean_features(features: Sequence[str]) -> list[str]:
    """Each filter once, without spaces around it. Raises MetricError."""
    cleaned = list(dict.fromkeys(name.strip() for name in features if name.strip()))
    if len(cleaned) > MAX_FEATURES:
        raise MetricError(
            "features", f"At most {MAX_FEATURES} features can be named; use a prefix such as app.*"
        )
    for name in cleaned:
        if len(name) > 200 or "\x00" in name:
            raise MetricError("features", f"“{name[:40]}” is not the name of a feature.")
        if "*" in name.removesuffix(".*"):
            raise MetricError("features", f"“{name[:40]}”: only a prefix may end in .* (such as reports.*).")
    return cleaned


@transaction.atomic
def enter_measurement(
    account: Account, metric: Metric, day: date, value: Decimal, *, by: Actor, note: str = ""
) -> Measurement:
    """Enter an outcome metric's value; an earlier one of that day is corrected. Raises MetricError."""
    check_entry(metric, day, value)
    Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=account.pk)
    now = timezone.now()
    of_day = Measurement.objects.filter(account=account, metric=metric, day=day, superseded_at=None)
    before = of_day.first()
    if before and (before.value, before.note) == (value, note):
        return before
    of_day.update(superseded_at=now)
    entered = Measurement.objects.create(
        account=account, metric=metric, day=day, value=value, source=MeasurementSource.PERSON,
        note=note, actor=by.label[:160], recorded_at=now,
    )  # fmt: skip
    audit.record(
        "entered a value of",
        metric,
        by=by,
        before={"value": before.value} if before else None,
        after={"account": account.name, "day": day, "value": value, "note": note},
    )
    settle([account.pk], [metric], {account.pk}, today(), by)
    return entered


def check_entry(metric: Metric, day: date, value: Decimal) -> None:
    """Raise MetricError if a person cannot enter this."""
    if metric.kind != MetricKind.OUTCOME:
        raise MetricError("metric", f"{metric.name} is computed from events; nobody enters it.")
    if metric.retired_at:
        raise MetricError("metric", f"{metric.name} is retired; choose another metric.")
    if not date(2000, 1, 1) <= day <= today():
        raise MetricError("day", "Choose a day from the year 2000 until today.")
    if not value.is_finite() or abs(value) >= MAX_VALUE:
        raise MetricError("value", "Enter a number below 100,000,000,000,000.")


@transaction.atomic
def measure_everything(*, by: Actor) -> None:
    """Measure all usage metrics anew; for a workspace whose time zone was changed."""
    for metric in usage_metrics():
        _measure_all(metric, by)


def _measure_all(metric: Metric, by: Actor) -> None:
    if metric.kind == MetricKind.USAGE:
        title = f"Measure {metric.name} for all accounts"
        start_job("measure metric", title, by=by, key=f"metric {metric.pk}", metric_id=metric.pk)


def _show_another_headline(by: Actor) -> None:
    refresh_book()
    announce("book.changed", by=by, account_ids=None)


def _take_headline(metric: Metric, by: Actor) -> None:
    """There is one headline metric: another one stops being it."""
    if metric.is_headline:
        for other in Metric.objects.filter(is_headline=True).exclude(pk=metric.pk):
            other.is_headline = False
            other.save(update_fields=["is_headline", "updated_at"])
            audit.record("edited", other, by=by, before={"is_headline": True}, after={"is_headline": False})
