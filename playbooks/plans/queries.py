"""Reads about plans, shaped as pages and reports need them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from accounts.book.models import PlanStatus
from accounts.metrics.models import Direction, Measurement, MetricKind
from playbooks.plans.models import Objective, Plan, PlanState, Practice, Revision, Target
from playbooks.plans.progress import (
    GRACE_DAYS,
    Agreed,
    Checkpoint,
    Measured,
    forecast,
    plan_status,
    progress,
    shown_percent,
    target_status,
)
from playbooks.plans.words import target_sentence


@dataclass(frozen=True)
class TargetProgress:
    """A target on a day: baseline, expected, actual, forecast, and how it stands.

    progress and expected_progress are shares of the way (0 baseline, 1 target), None if the target
    equals its baseline; actual is None without a measurement. baseline_on is the day whose measurement
    the baseline is, None if a person typed it. points are the measurements since the start, the first
    carried over from before it.
    """

    target: Target
    metric_id: int
    metric_key: str
    name: str
    unit: str
    direction: str
    baseline: Decimal
    baseline_on: date | None
    target_value: Decimal
    starts_on: date
    due_on: date
    checkpoints: tuple[Checkpoint, ...]
    expected: Decimal
    actual: Decimal | None
    measured_on: date | None
    progress: Decimal | None
    expected_progress: Decimal | None
    forecast: Decimal | None
    status: PlanStatus
    sentence: str
    points: tuple[Measured, ...]

    @property
    def percent(self) -> int | None:
        """Progress for a bar, 0 to 100."""
        return shown_percent(self.progress)


@dataclass(frozen=True)
class ObjectiveProgress:
    """An objective in the customer's words, with its targets."""

    objective: Objective
    targets: tuple[TargetProgress, ...]


@dataclass(frozen=True)
class PlanProgress:
    """A plan on a day; `status` is that of its worst target that has data."""

    plan: Plan
    on: date
    status: PlanStatus
    objectives: tuple[ObjectiveProgress, ...]
    practices: tuple[Practice, ...]
    revisions: tuple[Revision, ...]

    @cached_property
    def targets(self) -> tuple[TargetProgress, ...]:
        """All targets, in the order of their objectives."""
        return tuple(target for item in self.objectives for target in item.targets)


def plans_of(account_id: int) -> QuerySet[Plan]:
    """An account's plans: newest first."""
    return _with_people(Plan.objects.filter(account_id=account_id)).order_by("-id")


def _with_people(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    return plans.select_related("account", "owner__user", "customer_owner", "benchmark")


def get_plans() -> QuerySet[Plan]:
    """All plans with account and owners, for `get_object_or_404`."""
    return _with_people(Plan.objects.all())


def active_plan(account_id: int) -> Plan | None:
    """The plan the account follows, or None."""
    return plans_of(account_id).filter(state=PlanState.ACTIVE).first()


def agreed_of(target: Target) -> Agreed:
    """A target as the arithmetic takes it; its metric must be loaded."""
    metric = target.metric
    people_enter_it = metric.kind == MetricKind.OUTCOME
    return Agreed(
        baseline=target.baseline,
        target=target.value,
        starts_on=target.starts_on,
        due_on=target.due_on,
        checkpoints=target.stops,
        up_is_good=metric.direction == Direction.UP,
        max_age_days=metric.window_days + GRACE_DAYS if people_enter_it else None,
    )


def plan_progress(plan: Plan, on: date) -> PlanProgress:
    """The plan as it stands on a day; six queries, however many targets."""
    objectives = list(
        plan.objectives.prefetch_related(Prefetch("targets", Target.objects.select_related("metric")))
    )
    targets = [target for objective in objectives for target in objective.targets.all()]
    points = measured_points(plan.account_id, targets, on)
    shown = tuple(
        ObjectiveProgress(
            objective,
            tuple(
                target_progress(target, points[target.metric_id], on) for target in objective.targets.all()
            ),
        )
        for objective in objectives
    )
    practices = plan.practices.select_related("behaviour", "owner__user", "contact")
    return PlanProgress(
        plan=plan,
        on=on,
        status=plan_status(target.status for item in shown for target in item.targets),
        objectives=shown,
        practices=tuple(practices),
        revisions=tuple(plan.revisions.all()),
    )


def measured_points(account_id: int, targets: Iterable[Target], on: date) -> dict[int, list[Measured]]:
    """Measurements by metric from the earliest start to the day, and the last one before; two queries."""
    targets = list(targets)
    found: dict[int, list[Measured]] = {target.metric_id: [] for target in targets}
    if not targets:
        return found
    since = min(min(target.starts_on for target in targets), on)
    rows = Measurement.objects.filter(
        account_id=account_id, metric_id__in=list(found), superseded_at=None
    ).values_list("metric_id", "day", "value")
    before = rows.filter(day__lt=since).order_by("metric_id", "-day").distinct("metric_id")
    within = rows.filter(day__gte=since, day__lte=on).order_by("metric_id", "day")
    for metric_id, day, value in [*before, *within]:
        found[metric_id].append(Measured(day, value))
    return found


def target_progress(target: Target, points: list[Measured], on: date) -> TargetProgress:
    """One target on a day, from the measurements of its metric."""
    agreed, metric = agreed_of(target), target.metric
    measured = points[-1] if points else None
    status = target_status(agreed, measured, on)
    expected = agreed.expected(on)
    return TargetProgress(
        target=target,
        metric_id=metric.pk,
        metric_key=metric.key,
        name=metric.name,
        unit=metric.unit,
        direction=metric.direction,
        baseline=target.baseline,
        baseline_on=target.baseline_on,
        target_value=target.value,
        starts_on=target.starts_on,
        due_on=target.due_on,
        checkpoints=agreed.checkpoints,
        expected=expected,
        actual=measured.value if measured else None,
        measured_on=measured.on if measured else None,
        progress=progress(measured.value, target.baseline, target.value) if measured else None,
        expected_progress=progress(expected, target.baseline, target.value),
        forecast=_forecast(target, points, on, status),
        status=status,
        sentence=target_sentence(metric.name, metric.unit, agreed, measured, status, on),
        points=tuple(_since_start(points, target.starts_on)),
    )


def _forecast(target: Target, points: list[Measured], on: date, status: PlanStatus) -> Decimal | None:
    if status == PlanStatus.NO_DATA or on < target.starts_on:
        return None
    return forecast(points, target.starts_on, target.due_on, on)


def _since_start(points: list[Measured], start: date) -> list[Measured]:
    before = [point for point in points if point.on <= start]
    return before[-1:] + [point for point in points if point.on > start]
