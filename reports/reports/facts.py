"""What a snapshot reads from the database, as of a period's end. No words here; see `parts`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q

from accounts.imports.models import Batch
from accounts.metrics.models import Measurement, Metric
from accounts.usage.models import Event
from accounts.usage.queries import bounds
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.evidence import evaluate
from playbooks.frameworks.models import Framework
from playbooks.frameworks.queries import active_framework, behaviour_standing, levels_of
from playbooks.plans.models import Plan, PlanState
from playbooks.plans.progress import Measured
from reports.reports.periods import Period, previous

MOST_METRICS = 8
TOP_FEATURES = 8


def plan_on(account_id: int, period: Period, zone: str) -> Plan | None:
    """The plan that was followed during the period: begun by its end and not closed before its start."""
    begin, _ = bounds(period.starts_on, period.as_of, zone)
    followed = Q(state=PlanState.ACTIVE) | Q(
        state=PlanState.CLOSED, closed_at__gte=begin, ends_on__gte=period.starts_on
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


def during(start: date, end: date, zone: str) -> Q:
    """Events of these days, both included, as days of the workspace's time zone."""
    begin, after = bounds(start, end, zone)
    return Q(occurred_at__gte=begin, occurred_at__lt=after)


@dataclass(frozen=True)
class Usage:
    """People, events and features as (in the period, in the one before), and the last event of both."""

    people: tuple[int, int]
    events: tuple[int, int]
    features: tuple[int, int]
    last_at: datetime | None


def usage(account_id: int, period: Period, zone: str) -> Usage:
    """Use in the period and in the one before; one query.

    A running period is compared with as many days of the one before.
    """
    before = previous(period)
    end = before.ends_on
    if period.to_date:
        end = min(end, before.starts_on + (period.as_of - period.starts_on))
    spans = {"now": during(period.starts_on, period.as_of, zone), "then": during(before.starts_on, end, zone)}
    columns: dict[str, Any] = {"last": Max("occurred_at")}
    for when, span in spans.items():
        columns[f"people_{when}"] = Count("user_key", distinct=True, filter=span)
        columns[f"features_{when}"] = Count("feature", distinct=True, filter=span)
        columns[f"events_{when}"] = Count("id", filter=span)
    events = Event.objects.filter(during(before.starts_on, period.as_of, zone), account_id=account_id)
    found = events.aggregate(**columns)
    return Usage(
        people=(found["people_now"], found["people_then"]),
        events=(found["events_now"], found["events_then"]),
        features=(found["features_now"], found["features_then"]),
        last_at=found["last"],
    )


def top_features(account_id: int, period: Period, zone: str) -> list[dict[str, Any]]:
    """The most used features of the period: feature, times, people; one query."""
    events = Event.objects.filter(during(period.starts_on, period.as_of, zone), account_id=account_id)
    rows = events.values("feature").annotate(times=Count("id"), people=Count("user_key", distinct=True))
    return [dict(row) for row in rows.order_by("-times", "feature")[:TOP_FEATURES]]


def sources(account_id: int, period: Period, zone: str) -> list[dict[str, Any]]:
    """The batches that the period's events came in: source, events, when received; two queries."""
    events = Event.objects.filter(during(period.starts_on, period.as_of, zone), account_id=account_id)
    rows = events.values("batch_id").annotate(events=Count("id"), on=Max("recorded_at"))
    found = list(rows.order_by("-events", "batch_id"))
    names = dict(Batch.objects.filter(pk__in=[row["batch_id"] for row in found]).values_list("pk", "source"))
    return [{**row, "source": names[row["batch_id"]]} for row in found]
