"""Reads about benchmarks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from accounts.metrics.models import Direction, Metric
from csworkspace.web import formats
from playbooks.benchmarks.models import Baseline, Benchmark


def get_benchmarks() -> QuerySet[Benchmark]:
    """All benchmarks with framework and baselines, for `get_object_or_404`; two queries."""
    baselines = Baseline.objects.select_related("metric").order_by("metric__name", "id")
    return Benchmark.objects.select_related("framework").prefetch_related(Prefetch("baselines", baselines))


def benchmarks_of(account_id: int) -> QuerySet[Benchmark]:
    """An account's benchmarks with their baselines, newest first; two queries."""
    return get_benchmarks().filter(account_id=account_id).order_by("-number")


def level_words(benchmark: Benchmark) -> str:
    """The level as it was found: "Level 2 on Adoption maturity v1", "Not assessed"."""
    if benchmark.level is None:
        return "Not assessed"
    level = f"Level {benchmark.level}" if benchmark.level else "Not yet at level 1"
    return f"{level} on {benchmark.framework}"


def latest_benchmark(account_id: int) -> Benchmark | None:
    """The newest benchmark, baselines loaded, or None."""
    return benchmarks_of(account_id).first()


def first_benchmark(account_id: int) -> Benchmark | None:
    """The day-1 benchmark, baselines loaded, or None."""
    return benchmarks_of(account_id).filter(number=1).first()


@dataclass(frozen=True)
class Compared:
    """A baseline beside that of the first benchmark; texts are ready to print.

    tone: "good" or "bad" by the metric's direction, "" if nothing changed or is not known.
    """

    metric: Metric
    first: str
    value: str
    change: str
    tone: str
    measured_on: date | None
    first_known: bool
    day: date
    first_day: date


def compare(benchmark: Benchmark, first: Benchmark) -> list[Compared]:
    """Each metric of a benchmark beside the first one; no query, baselines must be loaded."""
    before = {item.metric_id: item.value for item in first.baselines.all()}
    return [
        _compared(item, before.get(item.metric_id), benchmark, first) for item in benchmark.baselines.all()
    ]


def _compared(item: Baseline, before: Decimal | None, benchmark: Benchmark, first: Benchmark) -> Compared:
    metric = item.metric
    change = None if item.value is None or before is None else item.value - before
    return Compared(
        metric=metric,
        first=_written(before, metric),
        value=_written(item.value, metric),
        change=_change_words(change, before),
        tone=tone_of(change, metric),
        measured_on=item.measured_on,
        first_known=before is not None,
        day=benchmark.taken_on,
        first_day=first.taken_on,
    )


def _written(value: Decimal | None, metric: Metric) -> str:
    return "No data" if value is None else formats.with_unit(value, metric.unit)


def _change_words(change: Decimal | None, before: Decimal | None) -> str:
    if change is None or before is None:
        return formats.DASH
    if change == 0:
        return "unchanged"
    share = f" ({formats.signed_percent(change / abs(before))})" if before else ""
    return f"{formats.signed(change)}{share}"


def tone_of(change: Decimal | None, metric: Metric) -> str:
    """Whether a change is good or bad for a metric."""
    if not change:
        return ""
    return "good" if (change > 0) == (metric.direction == Direction.UP) else "bad"
