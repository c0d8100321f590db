"""Reads about benchmarks."""

from django.db.models import Prefetch, QuerySet

from playbooks.benchmarks.models import Baseline, Benchmark


def benchmarks_of(account_id: int) -> QuerySet[Benchmark]:
    """An account's benchmarks with their baselines, newest first; two queries."""
    baselines = Baseline.objects.select_related("metric").order_by("metric__name", "id")
    return (
        Benchmark.objects.select_related("framework")
        .prefetch_related(Prefetch("baselines", baselines))
        .filter(account_id=account_id)
        .order_by("-number")
    )


def latest_benchmark(account_id: int) -> Benchmark | None:
    """The newest benchmark, baselines loaded, or None."""
    return benchmarks_of(account_id).first()


def first_benchmark(account_id: int) -> Benchmark | None:
    """The day-1 benchmark, baselines loaded, or None."""
    return benchmarks_of(account_id).filter(number=1).first()
