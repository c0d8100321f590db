"""The import wizard: upload, map, check, import; and the list of what came in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.imports import actions
from accounts.imports.forms import MappingForm, UploadForm
from accounts.imports.models import Batch
from accounts.imports.queries import PAGE, line_of, list_batches, rejects_of, state_of, stats_of
from accounts.imports.refusal import FileRefused
from accounts.imports.registry import importer_of, importers
from accounts.imports.rejects import rejects_csv
from csworkspace.jobs.queries import job_view
from csworkspace.web.urls import id_in, workspace_url

STEPS = ("Upload", "Map the columns", "Check", "Import")


def imports(request: Any) -> HttpResponse:
    """Every import, newest first."""
    before = id_in(request.GET.get("before", ""))
    lines = list_batches(request.workspace.timezone, before)
    context = {
        "batches": lines[:PAGE],
        "kinds": importers().values(),
        "next_url": f"?before={lines[PAGE - 1].pk}" if len(lines) > PAGE else "",
        "first_url": "?" if before else "",
    }
    return render(request, "imports/list.html", context)


def import_new(request: Any) -> HttpResponse:
    """Upload a file."""
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in importers() else "accounts"}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        file, importer = form.cleaned_data["file"], importers()[form.cleaned_data["kind"]]
        try:
            batch = actions.upload_file(importer, file.name, file.read(), by=request.actor)
            return redirect(workspace_url(request, "import_mapping", batch.pk))
        except FileRefused as error:
            form.add_error("file", str(error))
    context = {"form": form, "steps": steps(0), "kinds": importers().values()}
    context["cancel_url"] = workspace_url(request, "imports")
    return render(request, "imports/new.html", context, status=422 if form.errors else 200)


def import_mapping(request: Any, pk: int) -> HttpResponse:
    """Say which column feeds which field, beside the file's first rows."""
    batch: Any = get_object_or_404(Batch.objects.select_related("file", "job"), pk=pk, file__isnull=False)
    importer = importer_of(batch)
    preview = importer.peek(bytes(batch.file.content), batch.source)
    form = MappingForm(importer, preview.columns, batch.mapping, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            checked = actions.check_import(batch, form.result(), by=request.actor)
            return redirect(workspace_url(request, "import", checked.pk))
        except FileRefused as error:
            form.add_error(None, str(error))
    context = {"form": form, "batch": batch, "importer": importer, "preview": preview, "steps": steps(1)}
    context["cancel_url"] = workspace_url(request, "imports")
    return render(request, "imports/mapping.html", context, status=422 if form.errors else 200)


def import_page(request: Any, pk: int) -> HttpResponse:
    """How an import goes, and what became of its rows."""
    batch = get_object_or_404(Batch.objects.select_related("job"), pk=pk)
    if batch.job is None and batch.finished_at is None and batch.file_id:
        return redirect(workspace_url(request, "import_mapping", batch.pk))
    context: dict[str, Any] = {
        "batch": batch,
        "line": line_of(batch, request.workspace.timezone),
        "state": state_of(batch),
        "stats": stats_of(batch),
        "rejects": rejects_of(batch) if batch.rejected else [],
        "usable": batch.created + batch.updated,
        "steps": steps(2 if batch.is_dry_run else 3, done=bool(batch.finished_at) and not batch.is_dry_run),
        "running": batch.job is not None and not batch.job.is_finished,
        "job": job_view(batch.job, request.workspace.timezone) if batch.job else None,
        "here": workspace_url(request, "import", batch.pk),
    }
    return render(request, "imports/detail.html", context)


@require_POST
def import_run(request: Any, pk: int) -> HttpResponse:
    """Import a file that was checked."""
    checked = get_object_or_404(
        Batch, pk=pk, is_dry_run=True, finished_at__isnull=False, error="", file__isnull=False
    )
    batch = actions.run_import(checked, by=request.actor)
    messages.success(request, f"{batch.source} is being imported.")
    return redirect(workspace_url(request, "import", batch.pk))


def import_rejects(request: Any, pk: int) -> HttpResponse:
    """The rejected rows with their reasons, as CSV."""
    batch = get_object_or_404(Batch, pk=pk)
    response = HttpResponse(rejects_csv(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-rows-{batch.pk}.csv"'
    return response


def steps(current: int, *, done: bool = False) -> list[dict[str, str]]:
    """The wizard's steps for the kit's stepper."""
    return [
        {"label": label, "state": "done" if n < current or done else "current" if n == current else "todo"}
        for n, label in enumerate(STEPS)
    ]
