"""Measuring in parts: each transaction holds some accounts, writes their values, and tells."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.accounts.models import Account
from accounts.book.actions import note_activity, refresh_book
from accounts.metrics import statements
from accounts.metrics.models import Metric, MetricKind, MetricState
from accounts.metrics.spans import Span, Touched, spans_of
from accounts.usage.features import matching
from accounts.usage.models import TouchedDays
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.tenancy import clock
from csworkspace.tenancy.clock import today

PART = 500
MAX_GAP = 100_000
BEGINNING = date(1999, 1, 1)  # before any event that is accepted

Step = Callable[[], AbstractContextManager[None]]


def usage_metrics() -> list[Metric]:
    """The metrics that are computed from events, without the retired ones."""
    return list(Metric.objects.filter(kind=MetricKind.USAGE, retired_at=None).order_by("id"))


def measure_touched(step: Step, by: Actor, tell: Callable[[int], None] = lambda accounts: None) -> int:
    """Measure everything that was touched, part by part; the number of account-days taken.

    Any number of workers may do this at once, while events arrive.
    """
    days = accounts = 0
    while True:
        with step():
            touched = measure_part(by)
        if not touched:
            return days
        days += sum(run.days for run in touched)
        accounts += len({run.account_id for run in touched})
        tell(accounts)


def measure_part(by: Actor) -> list[Touched]:
    """Take some accounts' touched days and measure them in the running transaction."""
    until = today()
    ids = hold_candidates(until)
    # Read after the lock: a metric defined meanwhile is measured by its own job.
    metrics = usage_metrics()
    touched = take_touched(ids, metrics, until)
    if touched:
        # New events are news even where no metric moves: of a feature, of a person, of a day.
        changed = {run.account_id for run in touched}
        for metric in metrics:
            changed |= measure_spans(metric, spans_of(touched, metric.window_days, until))
        note_activity({run.account_id: run.last for run in touched})
        settle(ids, metrics, changed, until, by)
    return touched


def hold_candidates(until: date) -> list[int]:
    """Lock some accounts with touched days that nobody else measures."""
    with connection.cursor() as cursor:
        cursor.execute(statements.CANDIDATES, {"today": until, "many": 4 * PART, "limit": PART})
        return [pk for (pk,) in cursor.fetchall()]


def take_touched(ids: Sequence[int], metrics: Sequence[Metric], until: date) -> list[Touched]:
    """Take the touched days of these accounts out of the queue, in order."""
    gap = min((metric.window_days for metric in metrics), default=MAX_GAP)
    with connection.cursor() as cursor:
        cursor.execute(statements.TAKE, {"ids": list(ids), "today": until, "gap": gap})
        return [Touched(*run) for run in cursor.fetchall()] if ids else []


def measure_spans(metric: Metric, spans: Sequence[Span]) -> set[int]:
    """Write what differs in these spans of days; the accounts where something did.

    The caller holds the accounts' rows.
    """
    if not spans:
        return set()
    feature_filter, values = matching(metric.features, "event.feature")
    sql = statements.measure_sql(metric.aggregation, feature_filter)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**_values_of(metric, spans), **values})
        return {pk for (pk,) in cursor.fetchall()}


def _values_of(metric: Metric, spans: Sequence[Span]) -> dict[str, Any]:
    """Parameters of MEASURE; the outer bounds are a day wider than any time zone needs."""
    first = min(span.first for span in spans) - timedelta(days=metric.window_days + 1)
    last = max(span.last for span in spans) + timedelta(days=2)
    return {
        "accounts": [span.account_id for span in spans],
        "firsts": [span.first for span in spans],
        "lasts": [span.last for span in spans],
        "since": datetime(first.year, first.month, first.day, tzinfo=UTC),
        "until": datetime(last.year, last.month, last.day, tzinfo=UTC),
        "window": metric.window_days,
        "metric": metric.pk,
        "zone": clock.zone(),
    }


def settle(ids: Sequence[int], metrics: Sequence[Metric], changed: set[int], until: date, by: Actor) -> None:
    """Bring the states and the book up to date, and tell whoever listens what changed."""
    values: dict[str, Any] = {
        "accounts": list(ids),
        "metrics": [metric.pk for metric in metrics],
        "today": until,
    }
    moved: set[int] = set()
    with connection.cursor() as cursor:
        for sql in (statements.GONE, statements.STATES):
            cursor.execute(sql, values)
            moved |= {pk for (pk,) in cursor.fetchall()}
    if moved:
        refresh_book(sorted(moved))
    if changed:
        announce("measurements.changed", by=by, account_ids=sorted(changed))


def account_parts() -> list[list[int]]:
    """The ids of all accounts, in parts."""
    ids = list(Account.objects.order_by("id").values_list("id", flat=True))
    return [ids[start : start + PART] for start in range(0, len(ids), PART)]


def hold_accounts(ids: Sequence[int]) -> list[int]:
    """Lock accounts against being measured by others; those that still exist."""
    rows = Account.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
    return list(rows.order_by("id").values_list("id", flat=True))


def measure_metric_part(metric_id: int, ids: Sequence[int], by: Actor) -> None:
    """Measure all days of some accounts for one metric, as it is defined now."""
    held, until = hold_accounts(ids), today()
    # Read after the lock: a definition changed meanwhile is measured again by its own job.
    metric = Metric.objects.filter(pk=metric_id, retired_at=None).first()
    if metric and held:
        changed = measure_spans(metric, [Span(pk, BEGINNING, until) for pk in held])
        settle(held, [metric], changed, until, by)


def roll_part(ids: Sequence[int], since: date, by: Actor) -> None:
    """Measure the days after `since` for some accounts: what has left the windows by now."""
    held, until = hold_accounts(ids), today()
    metrics = usage_metrics()
    changed: set[int] = set()
    for metric in metrics:
        changed |= measure_spans(metric, [Span(pk, since + timedelta(days=1), until) for pk in held])
    settle(held, metrics, changed, until, by)


def moving_accounts() -> list[int]:
    """Accounts with a value that the passing of days can change."""
    states = MetricState.objects.filter(Q(value__gt=0) | Q(previous__gt=0), metric__kind=MetricKind.USAGE)
    return list(states.order_by("account_id").values_list("account_id", flat=True).distinct())


def measured_since(until: date) -> date:
    """The day up to which all metrics are measured for all accounts."""
    return min((metric.measured_until for metric in usage_metrics() if metric.measured_until), default=until)


def waiting_days() -> bool:
    """Whether touched days wait that may be measured now."""
    return TouchedDays.objects.filter(due__lte=today()).exists()
