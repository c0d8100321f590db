"""Where events came from, and those that wait for an account."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.imports.rejects import rejects_csv
from accounts.usage import batches
from csworkspace.jobs.queries import job_view
from csworkspace.web import formats
from csworkspace.web.urls import id_in, workspace_url


def sources(request: Any) -> HttpResponse:
    """Every delivery of events, newest first."""
    before = id_in(request.GET.get("before", ""))
    lines = batches.list_sources(request, before)
    page = lines[: batches.PAGE]
    context = {
        "sources": page,
        "next_url": f"?before={page[-1].url.rstrip('/').rpartition('/')[2]}"
        if len(lines) > len(page)
        else "",
        "first_url": "?" if before else "",
    }
    return render(request, "usage/sources.html", context)


def source_page(request: Any, pk: int) -> HttpResponse:
    """One delivery: what became of its rows, and why some were rejected."""
    batch = get_object_or_404(batches.batches_of_events(), pk=pk)
    zone = request.workspace.timezone
    context = {
        "batch": batch,
        "line": batches.source_line(batch, "", zone),
        "stats": batches.source_stats(batch),
        "rejects": batches.first_rejects(batch) if batch.rejected else [],
        "rejects_total": formats.number(batch.rejected),
        "job": job_view(batch.job, zone) if batch.job else None,
        "running": batch.job is not None and not batch.job.is_finished,
        "mapping": sorted((ours, str(theirs)) for ours, theirs in batch.mapping.items() if theirs != ours),
        "here": workspace_url(request, "source", batch.pk),
    }
    return render(request, "usage/source.html", context)


def source_rejects(request: Any, pk: int) -> HttpResponse:
    """The rejected rows of a delivery, as CSV."""
    batch = get_object_or_404(batches.batches_of_events(), pk=pk)
    response = HttpResponse(rejects_csv(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-events-{batch.pk}.csv"'
    return response


def waiting(request: Any) -> HttpResponse:
    """The events that belong to no account, by what they say of it."""
    found = batches.waiting_events(request)
    context = {
        "waiting": found,
        "events": formats.plural(found.events, "event"),
        "groups": formats.plural(found.groups, "unknown account"),
        "more": formats.number(found.groups - len(found.lines)) if found.groups > len(found.lines) else "",
    }
    return render(request, "usage/waiting.html", context)
