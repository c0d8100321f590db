"""Benchmarks on the maturity tab and for the overview."""

from typing import Any

from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.benchmarks.queries import benchmarks_of, level_words

SHOWN = 12


def benchmarks_panel(request: Any, account: Any) -> dict[str, Any]:
    """The account's benchmarks, newest first."""
    rows = [
        {
            "url": workspace_url(request, "benchmark", item.pk),
            "title": "Day-1 benchmark" if item.number == 1 else f"Benchmark {item.number}",
            "taken": times.day(item.taken_on),
            "level": level_words(item),
            "by": item.actor,
        }
        for item in benchmarks_of(account.pk)[:SHOWN]
    ]
    return {"rows": rows, "new_url": workspace_url(request, "benchmark_new", account.pk)}
