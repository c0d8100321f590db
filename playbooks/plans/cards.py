"""Plans as pages print them: numbers written, links made, charts drawn. No queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.metrics.models import MetricKind
from csworkspace.charts import Chart, Series, line_chart
from csworkspace.charts import Target as ChartTarget
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url
from playbooks.frameworks.links import metric_link
from playbooks.plans.models import Practice, Revision, Side
from playbooks.plans.progress import Checkpoint, Measured, daily
from playbooks.plans.queries import PlanProgress, TargetProgress
from playbooks.plans.words import in_their_steps

MOST_REVISIONS = 10


@dataclass(frozen=True)
class Figure:
    """A number with what is said about it, and where it comes from."""

    label: str
    value: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class TargetCard:
    """A target, ready to print."""

    id: int
    name: str
    retired: bool
    status: str
    status_label: str
    sentence: str
    figures: list[Figure]
    percent: int | None
    percent_words: str
    checkpoints: list[str]
    chart: Chart
    evidence_url: str


def target_card(request: Any, account_id: int, item: TargetProgress, on: date) -> TargetCard:
    """A target of an account on a day."""
    return TargetCard(
        id=item.target.pk,
        name=item.name,
        retired=item.target.metric.retired_at is not None,
        status=item.status,
        status_label=item.status.label,
        sentence=item.sentence,
        figures=figures(request, account_id, item, on),
        percent=item.percent,
        percent_words=percent_words(item),
        checkpoints=[_stop(stop, item.unit) for stop in item.checkpoints],
        chart=chart(item, on),
        evidence_url=metric_link(request, account_id, item.metric_key, None),
    )


def _stop(stop: Checkpoint, unit: str) -> str:
    return f"{formats.with_unit(stop.value, unit)} by {times.day(stop.on)}"


def figures(request: Any, account_id: int, item: TargetProgress, on: date) -> list[Figure]:
    """Baseline, expected today, actual, forecast and target; measured ones link to their evidence."""

    def written(value: Decimal | None) -> str:
        return formats.with_unit(value, item.unit)

    def computed(value: Decimal | None) -> str:
        return written(in_their_steps(value, item.baseline, item.target_value))

    def link(day: date | None) -> str:
        return metric_link(request, account_id, item.metric_key, day) if day else ""

    measured = item.measured_on
    late = on > item.due_on
    return [
        Figure("Baseline", written(item.baseline), _baseline_note(item), link(item.baseline_on)),
        Figure("Expected by now", computed(item.expected), "on the agreed path"),
        Figure(
            "Actual",
            written(item.actual),
            f"measured {times.day(measured)}" if measured else "no data",
            link(measured),
        ),
        Figure(
            "Forecast",
            computed(item.forecast),
            _forecast_note(item, late=late),
            link(measured) if item.forecast is not None else "",
        ),
        Figure("Target", written(item.target_value), f"by {times.day(item.due_on)}"),
    ]


def _baseline_note(item: TargetProgress) -> str:
    return f"measured by {times.day(item.baseline_on)}" if item.baseline_on else "entered by a person"


def _forecast_note(item: TargetProgress, *, late: bool) -> str:
    if item.forecast is not None:
        return "on the due date, if the last four weeks go on"
    return "the due date has passed" if late else "needs a week of measurements"


def percent_words(item: TargetProgress) -> str:
    """Progress beside what is expected: "62% of the way, 70% expected"."""
    if item.progress is None:
        return "Holding the baseline" if item.actual is not None else "No data"
    return f"{formats.percent(item.progress)} of the way, {formats.percent(item.expected_progress)} expected"


def chart(item: TargetProgress, on: date) -> Chart:
    """Actual against baseline and target path."""
    return line_chart(
        Series("Actual", actual_points(item, on)),
        title=f"{item.name}: actual and target path",
        unit=item.unit,
        baseline=item.baseline,
        target=ChartTarget(item.target_value, item.due_on, item.starts_on, item.baseline, item.checkpoints),
        forecast=in_their_steps(item.forecast, item.baseline, item.target_value),
        today=on,
        uid=f"target-{item.target.pk}",
    )


def actual_points(item: TargetProgress, on: date) -> list[tuple[date, Any]]:
    """What is drawn: computed metrics day by day, as their values hold; entered ones as entered."""
    until = min(on, max(item.due_on, item.starts_on))
    if item.target.metric.kind == MetricKind.OUTCOME:
        return [(point.on, point.value) for point in item.points if point.on <= until]
    days: list[Measured] = daily(item.points, item.starts_on, until)
    return [(point.on, point.value) for point in days]


def objective_cards(request: Any, shown: PlanProgress) -> list[dict[str, Any]]:
    """The objectives with their target cards."""
    account_id = shown.plan.account_id
    return [
        {
            "objective": item.objective,
            "targets": [target_card(request, account_id, target, shown.on) for target in item.targets],
        }
        for item in shown.objectives
    ]


def practice_card(request: Any, practice: Practice, on: date) -> dict[str, Any]:
    """A practice with who does it by when."""
    person = practice.contact if practice.side == Side.CUSTOMER else practice.owner
    who = "Customer" if practice.side == Side.CUSTOMER else "Us"
    overdue = practice.due_on is not None and practice.done_on is None and practice.due_on < on
    return {
        "practice": practice,
        "who": f"{who}: {person}" if person else who,
        "due": f"by {times.day(practice.due_on)}" if practice.due_on else "",
        "done": f"Done on {times.day(practice.done_on)}" if practice.done_on else "",
        "overdue": overdue,
        "url": workspace_url(request, "practice_completions", practice.pk),
    }


def revision_card(revision: Revision, zone: str) -> dict[str, Any]:
    """A revision: when, by whom, why, what."""
    return {
        "number": revision.number,
        "when": times.moment(revision.revised_at, zone),
        "iso": revision.revised_at.isoformat(timespec="seconds"),
        "by": revision.actor,
        "reason": revision.reason,
        "changes": revision.changes,
    }
