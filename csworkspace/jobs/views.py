"""The list of jobs, one job, its progress, and trying again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from csworkspace.jobs import queries
from csworkspace.jobs.actions import retry_job
from csworkspace.jobs.models import Job
from csworkspace.web.urls import workspace_url


class JobFilter(forms.Form):
    """Which jobs are listed, and from where."""

    state = forms.ChoiceField(label="Show", required=False, choices=queries.STATES)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


@require_safe
def jobs_page(request: Any) -> HttpResponseBase:
    """All jobs, newest first."""
    chosen = JobFilter(request.GET or None)
    values = chosen.cleaned_data if chosen.is_valid() else {}
    state = values.get("state") or ""
    listed = queries.list_jobs(request.workspace.timezone, state, values.get("before"))
    first = workspace_url(request, "jobs") + (f"?state={state}" if state else "")
    more = f"{workspace_url(request, 'jobs')}?state={state}&before={listed.next_before}"
    context = {
        "form": JobFilter(initial={"state": state}),
        "jobs": listed.jobs,
        "first_url": first if values.get("before") else "",
        "next_url": more if listed.next_before else "",
    }
    return render(request, "jobs/list.html", context)


@require_safe
def job_page(request: Any, pk: int) -> HttpResponseBase:
    """One job: how far it is, what came of it, or why it failed."""
    job = get_object_or_404(Job, pk=pk)
    return render(request, "jobs/detail.html", {"job": queries.job_view(job, request.workspace.timezone)})


@require_safe
def job_progress(request: Any, pk: int) -> HttpResponseBase:
    """The progress bar alone, for htmx; at the end htmx is sent to the result, or to the page again.

    `?next=` names a page of this site to go to instead of the result.
    """
    job = queries.job_view(get_object_or_404(Job, pk=pk), request.workspace.timezone)
    response = render(
        request, "jobs/_progress.html", {"job": job, "next_url": queries.safe_url(request.GET.get("next"))}
    )
    if job.is_finished and request.htmx:
        response["HX-Redirect"] = _after(request, job)
    return response


def _after(request: Any, job: queries.JobView) -> str:
    page = workspace_url(request, "job", job.id)
    if job.is_dead:
        return page
    return queries.safe_url(request.GET.get("next")) or job.result_url or page


@require_POST
def retry(request: Any, pk: int) -> HttpResponseBase:
    """Queue a failed job again."""
    job = get_object_or_404(Job, pk=pk)
    try:
        retry_job(job, by=request.actor)
        messages.success(request, "The job is queued again.")
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "job", job.pk))
