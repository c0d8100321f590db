"""The catalogue of metrics: look, define, edit, retire."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.metrics import actions, catalogue, words
from accounts.metrics.actions import MetricError
from accounts.metrics.evidence_views import facts_of
from accounts.metrics.forms import MetricForm
from accounts.metrics.models import Metric, MetricKind, MetricState
from csworkspace.jobs.queries import job_view, jobs_about
from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats
from csworkspace.web.urls import workspace_url


def metrics(request: Any) -> HttpResponse:
    """Every metric with its definition in words."""
    lines = catalogue.list_metrics(request)
    context = {
        "in_use": [line for line in lines if not line.is_retired],
        "retired": [line for line in lines if line.is_retired],
    }
    return render(request, "metrics/list.html", context)


def metric_page(request: Any, pk: int) -> HttpResponse:
    """One metric: its definition, how its measuring goes, and the accounts with the largest values."""
    metric = get_object_or_404(Metric, pk=pk)
    job = jobs_about("measure metric", metric_id=metric.pk)
    context = {
        "metric": metric,
        "facts": facts_of(metric),
        "measured": catalogue.measured_in_words(metric),
        "accounts": formats.plural(MetricState.objects.filter(metric=metric).count(), "account"),
        "job": job_view(job, request.workspace.timezone) if job else None,
        "running": job is not None and not job.is_finished,
        "top": catalogue.top_values(request, metric, today_of(request.workspace)),
        "is_usage": words.is_usage(metric),
        "here": workspace_url(request, "metric", metric.pk),
    }
    return render(request, "metrics/detail.html", context)


def metric_new(request: Any) -> HttpResponse:
    """Define a metric."""
    kind = request.GET.get("kind")
    initial = {"kind": kind} if kind in MetricKind.values else {}
    form = MetricForm(request.POST or None, initial=initial)
    return edit(request, form, None, "New metric")


def metric_edit(request: Any, pk: int) -> HttpResponse:
    """Change a metric's definition."""
    metric = get_object_or_404(Metric, pk=pk, retired_at=None)
    return edit(request, MetricForm(request.POST or None, metric=metric), metric, f"Edit {metric.name}")


def edit(request: Any, form: MetricForm, metric: Metric | None, title: str) -> HttpResponse:
    """Show the form; with "preview" what the definition gives today; else save it. 422 when refused."""
    today, zone = today_of(request.workspace), request.workspace.timezone
    shown = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            shown = try_out(request, form, metric)
        elif saved := save(request, form, metric):
            messages.success(request, f"{saved.name} is defined." if metric is None else "Saved.")
            return redirect(workspace_url(request, "metric", saved.pk))
    context = {
        "form": form,
        "page_title": title,
        "preview": shown,
        "metric": metric,
        "features": catalogue.known_features(today, zone),
        "cancel_url": workspace_url(request, "metric", metric.pk)
        if metric
        else workspace_url(request, "metrics"),
    }
    return render(request, "metrics/form.html", context, status=422 if form.errors else 200)


def save(request: Any, form: MetricForm, metric: Metric | None) -> Metric | None:
    """Save the definition; None, with the error on its field, when it is refused."""
    try:
        if metric is None:
            return actions.define_metric(by=request.actor, **form.cleaned_data)
        return actions.edit_metric(metric, by=request.actor, **form.cleaned_data)
    except MetricError as error:
        refuse(form, error)
        return None


def try_out(request: Any, form: MetricForm, metric: Metric | None) -> dict[str, Any] | None:
    """What the definition says and gives today for a few accounts; nothing is saved."""
    tried = Metric(pk=metric.pk if metric else None, **form.cleaned_data)
    try:
        actions.check_definition(tried)
    except MetricError as error:
        refuse(form, error)
        return None
    definition = {**form.cleaned_data, "features": tried.features}
    rows = []
    if words.is_usage(tried):
        rows = catalogue.preview(definition, today_of(request.workspace), request.workspace.timezone)
    return {"sentence": words.definition_in_words(tried), "rows": rows, "is_usage": words.is_usage(tried)}


def refuse(form: MetricForm, error: MetricError) -> None:
    """Put an action's error beside the field that it names."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


@require_POST
def metric_retirements(request: Any, pk: int) -> HttpResponse:
    """Stop measuring a metric."""
    metric = get_object_or_404(Metric, pk=pk)
    actions.retire_metric(metric, by=request.actor)
    messages.success(request, f"{metric.name} is retired. What was measured stays.")
    return redirect(workspace_url(request, "metrics"))
