"""What a snapshot reads from the database, as of a period's end. No words here; see `parts`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from accounts.accounts.models import Account
from accounts.imports.models import Batch
from accounts.metrics.models import Measurement, Metric
from accounts.usage.models import Event
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.evidence import evaluate
from playbooks.frameworks.models import Framework
from playbooks.frameworks.queries import active_framework, behaviour_standing, levels_of
from playbooks.plans.models import Plan, PlanState
from playbooks.plans.progress import Measured
from reports.reports.periods import Period, previous

MOST_METRICS = 8
TOP_FEATURES = 8
MOST_SOURCES = 8


def plan_on(account_id: int, period: Period) -> Plan | None:
    """The plan that was followed during the period: begun by its end and not closed before its start."""
    followed = Q(state=PlanState.ACTIVE) | Q(
        state=PlanState.CLOSED, closed_at__date__gte=period.starts_on, ends_on__gte=period.starts_on
    )
    plans = Plan.objects.select_related("owner__user", "customer_owner", "benchmark")
    return plans.filter(followed, account_id=account_id, starts_on__lte=period.as_of).order_by("-id").first()


def benchmark_for(plan: Plan | None, account_id: int, on: date) -> Benchmark | None:
    """The benchmark that the plan is built on, else the first one up to the day."""
    taken = Benchmark.objects.select_related("framework").filter(account_id=account_id, taken_on__lte=on)
    if plan and plan.benchmark_id:
        return taken.filter(pk=plan.benchmark_id).first()
    return taken.order_by("number").first()


@dataclass(frozen=True)
class Standing:
    """Where the account stood on a framework: its level, and the levels with their behaviours."""

    framework: Framework
    level: int
    levels: list[dict[str, Any]]


def standing_on(account_id: int, on: date) -> Standing | None:
    """The level that the evidence of the day gives, on the active framework; None without one."""
    framework = active_framework()
    if framework is None:
        return None
    levels = levels_of(framework.pk)
    verdict = evaluate(levels, [account_id], on)[account_id]
    facts = {fact["behaviour"]: fact for fact in verdict.facts}
    return Standing(framework, verdict.level, [_level(level, facts) for level in levels])


def _level(level: Any, facts: dict[int, dict[str, Any]]) -> dict[str, Any]:
    shown = [behaviour_standing(one, facts.get(one.pk, {})) for one in level.behaviours.all()]
    behaviours = [{"name": one.name, "holds": one.holds, "detail": one.detail} for one in shown]
    return {
        "position": level.position,
        "name": level.name,
        "description": level.description,
        "behaviours": behaviours,
    }


def key_metrics(of_the_plan: Iterable[int]) -> list[Metric]:
    """The headline metric, those of the plan, then others by name; at most MOST_METRICS."""
    wanted = list(of_the_plan)
    metrics = Metric.objects.filter(Q(retired_at=None) | Q(pk__in=wanted)).order_by("name")
    return sorted(metrics, key=lambda m: (not m.is_headline, m.pk not in wanted))[:MOST_METRICS]


def measured(
    account_id: int, metrics: Iterable[Metric], since: date, until: date
) -> dict[int, list[Measured]]:
    """Current measurements by metric from `since` to `until`, and the last one before; two queries."""
    found: dict[int, list[Measured]] = {metric.pk: [] for metric in metrics}
    rows = Measurement.objects.filter(
        account_id=account_id, metric_id__in=list(found), superseded_at=None
    ).values_list("metric_id", "day", "value")
    before = rows.filter(day__lt=since).order_by("metric_id", "-day").distinct("metric_id")
    for metric_id, day, value in [*before, *rows.filter(day__range=(since, until)).order_by("day")]:
        found[metric_id].append(Measured(day, value))
    return found


def value_at(points: Iterable[Measured], on: date) -> Decimal | None:
    """The value that holds on a day, or None before the first."""
    held = [point.value for point in points if point.on <= on]
    return held[-1] if held else None


def _during(start: date, end: date) -> Q:
    """Both days included; days are UTC days, as for measurements."""
    after = datetime.combine(end + timedelta(days=1), time.min, UTC)
    return Q(occurred_at__gte=datetime.combine(start, time.min, UTC), occurred_at__lt=after)


def usage(account_id: int, period: Period) -> dict[str, tuple[int, int]]:
    """People, events and features in the period and in the one before; one query.

    A running period is compared with as many days of the one before.
    """
    before = previous(period)
    now = _during(period.starts_on, period.as_of)
    days = (period.as_of - period.starts_on).days
    end = min(before.ends_on, before.starts_on + timedelta(days=days)) if period.to_date else before.ends_on
    then = _during(before.starts_on, end)
    columns = {"people": "user_key", "features": "feature"}
    counted = {
        f"{name}_{when}": Count(column, distinct=True, filter=during)
        for name, column in columns.items()
        for when, during in (("now", now), ("then", then))
    }
    found = Event.objects.filter(now | then, account_id=account_id).aggregate(
        **counted, events_now=Count("id", filter=now), events_then=Count("id", filter=then)
    )
    return {name: (found[f"{name}_now"], found[f"{name}_then"]) for name in ("people", "events", "features")}


def top_features(account_id: int, period: Period) -> QuerySet[Event, dict[str, Any]]:
    """The most used features of the period: feature, times, people."""
    events = Event.objects.filter(_during(period.starts_on, period.as_of), account_id=account_id)
    rows = events.values("feature").annotate(times=Count("id"), people=Count("user_key", distinct=True))
    return rows.order_by("-times", "feature")[:TOP_FEATURES]


def sources(account_id: int, period: Period) -> list[dict[str, Any]]:
    """The batches that the period's events came in: source, events, when received; two queries."""
    events = Event.objects.filter(_during(period.starts_on, period.as_of), account_id=account_id)
    rows = list(
        events.values("batch_id").annotate(events=Count("id"), on=Max("recorded_at")).order_by("-events")
    )
    names = dict(Batch.objects.filter(pk__in=[row["batch_id"] for row in rows]).values_list("pk", "source"))
    return [{**row, "source": names[row["batch_id"]]} for row in rows]


def last_event_at(account_id: int, on: date) -> datetime | None:
    """When the last usage event up to the day happened."""
    after = datetime.combine(on + timedelta(days=1), time.min, UTC)
    events = Event.objects.filter(account_id=account_id, occurred_at__lt=after)
    found: datetime | None = events.aggregate(last=Max("occurred_at"))["last"]
    return found


def account_for_report(pk: int) -> Account:
    """The account with tier and owner."""
    return Account.objects.select_related("tier", "owner__user").get(pk=pk)
