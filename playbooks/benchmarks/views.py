"""Taking a benchmark, and looking at one beside the first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.segments.known import Known
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.benchmarks.actions import take_benchmark
from playbooks.benchmarks.forms import BenchmarkForm
from playbooks.benchmarks.models import Benchmark
from playbooks.benchmarks.peers import LEAST, cohorts_of, peer_rows, peer_standings
from playbooks.benchmarks.queries import Compared, compare, first_benchmark, get_benchmarks, level_words
from playbooks.frameworks.links import metric_link
from playbooks.frameworks.pages import shown_levels
from playbooks.frameworks.queries import level_standings


def benchmark_new(request: Any, pk: int) -> HttpResponse:
    """Take a benchmark of an account."""
    account, today = get_account(pk), today_of(request.workspace)
    form = BenchmarkForm(request.POST or None, today=today, initial={"taken_on": today})
    if request.method == "POST" and form.is_valid():
        benchmark = take_benchmark(
            account,
            by=request.actor,
            on=form.cleaned_data["taken_on"],
            answers=form.answers,
            note=form.cleaned_data["note"],
        )
        messages.success(request, f"Benchmark {benchmark.number} is taken and will stay as it is.")
        return redirect(workspace_url(request, "benchmark", benchmark.pk))
    context = {
        **account_frame(request, account, "account_maturity"),
        "form": form,
        "cancel_url": workspace_url(request, "account_maturity", pk),
        "is_first": first_benchmark(pk) is None,
    }
    return render(request, "benchmarks/new.html", context, status=422 if form.errors else 200)


def benchmark_page(request: Any, pk: int) -> HttpResponse:
    """A benchmark, beside the day-1 benchmark."""
    benchmark = get_object_or_404(get_benchmarks(), pk=pk)
    account = get_account(benchmark.account_id)
    first = benchmark if benchmark.number == 1 else first_benchmark(account.pk) or benchmark
    context = {
        **account_frame(request, account, "account_maturity"),
        "benchmark": benchmark,
        "first": first if first.pk != benchmark.pk else None,
        "taken": times.day(benchmark.taken_on),
        "first_taken": times.day(first.taken_on),
        "recorded": times.moment(benchmark.recorded_at, request.workspace.timezone),
        "level": level_words(benchmark),
        "first_level": level_words(first),
        "levels": _levels(request, benchmark),
        "rows": [_row(request, benchmark, row) for row in compare(benchmark, first)],
        "peers": _peers(request, benchmark),
    }
    return render(request, "benchmarks/detail.html", context)


def _peers(request: Any, benchmark: Benchmark) -> dict[str, Any]:
    """The metrics of the benchmark as they stand today among the accounts of the chosen segment."""
    cohorts = cohorts_of(benchmark.account_id)
    wanted = request.GET.get("cohort", "")
    chosen = next((segment for segment in cohorts if str(segment.pk) == wanted), None)
    metrics = [item.metric for item in benchmark.baselines.all()]
    rows = []
    if chosen:
        known = Known(request.workspace)
        rows = peer_rows(peer_standings(benchmark.account_id, metrics, chosen.pk, known))
    return {"cohorts": cohorts, "chosen": chosen, "rows": rows, "least": LEAST}


def _levels(request: Any, benchmark: Benchmark) -> list[dict[str, Any]]:
    """The evidence as it was frozen, highest level first."""
    if benchmark.framework_id is None or benchmark.level is None:
        return []
    standings = level_standings(benchmark.framework_id, benchmark.level, benchmark.evidence)
    return shown_levels(request, benchmark.account_id, standings, benchmark.level)


def _row(request: Any, benchmark: Benchmark, row: Compared) -> dict[str, Any]:
    account_id, key = benchmark.account_id, row.metric.key
    return {
        "row": row,
        "measured": times.day(row.measured_on) if row.measured_on else "",
        "url": metric_link(request, account_id, key, row.day) if row.measured_on else "",
        "first_url": metric_link(request, account_id, key, row.first_day) if row.first_known else "",
    }
