"""The export "plans": one row per target of an active plan."""

from collections.abc import Iterator
from datetime import date

from csworkspace.exports.registry import Exporter, Rows, Span
from csworkspace.tenancy.clock import today
from playbooks.plans.models import PlanState, Target
from playbooks.plans.progress import progress
from playbooks.plans.queries import agreed_of
from playbooks.plans.standings import Standing, stand

CHUNK = 500
HEADER = [
    "account",
    "plan",
    "objective",
    "metric",
    "unit",
    "baseline",
    "target",
    "starts",
    "due",
    "expected",
    "actual",
    "measured",
    "progress",
    "status",
]


def rows(span: Span) -> Rows:
    """Rows as of today; `span` limits to a metric's key, and to targets due within its dates."""
    day = today()
    for targets in _chunks(span):
        for standing in stand(targets, day):
            yield row_of(standing, day)


def _chunks(span: Span) -> Iterator[list[Target]]:
    """Targets by id, 500 at a time: memory stays the same for any number."""
    found = Target.objects.select_related("metric", "objective__plan__account").filter(
        objective__plan__state=PlanState.ACTIVE
    )
    if span.metric:
        found = found.filter(metric__key=span.metric)
    if span.since:
        found = found.filter(due_on__gte=span.since)
    if span.until:
        found = found.filter(due_on__lte=span.until)
    last = 0
    while chunk := list(found.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def row_of(standing: Standing, day: date) -> list[object]:
    """One target as a row; numbers without unit, progress as a share of the way, empty if not known."""
    target, measured = standing.target, standing.measured
    share = progress(measured.value, target.baseline, target.value) if measured else None
    plan = target.objective.plan
    return [
        plan.account.name,
        plan.title,
        target.objective.words,
        target.metric.key,
        target.metric.unit,
        f"{target.baseline.normalize():f}",
        f"{target.value.normalize():f}",
        target.starts_on,
        target.due_on,
        f"{agreed_of(target).expected(day):.6f}".rstrip("0").rstrip("."),
        f"{measured.value.normalize():f}" if measured else "",
        measured.on if measured else "",
        "" if share is None else f"{share:.4f}",
        standing.status.value,
    ]


PLANS = Exporter("plans", HEADER, rows)
