"""Launches: the list, one of them, and the answers to it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.web.urls import id_in, workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.playbooks.pages import list_tabs
from playbooks.plays.forms import ApproveForm, ReasonForm
from playbooks.plays.launch_pages import launch_context, launch_rows
from playbooks.plays.launching import approve_launch, refuse_launch, stop_launch
from playbooks.plays.models import Launch
from playbooks.plays.refusals import PlayRefused


def launch_list(request: Any) -> HttpResponse:
    """Starts on many accounts."""
    before = id_in(request.GET.get("before", ""))
    rows, more = launch_rows(request.workspace.timezone, before)
    context = {
        "rows": rows,
        "tabs": list_tabs(request, "launches"),
        "first_url": workspace_url(request, "launches") if before else "",
        "next_url": f"?before={min(row.id for row in rows)}" if more else "",
    }
    return render(request, "plays/launches.html", context)


def found(pk: int) -> Launch:
    """The launch with its playbook; or 404."""
    return get_object_or_404(Launch.objects.select_related("playbook", "playbook_version"), pk=pk)


def launch_page(request: Any, pk: int) -> HttpResponse:
    """What a launch would do, or how far it is."""
    return show(request, found(pk))


def show(request: Any, launch: Launch, status: int = 200, **refused: forms.Form) -> HttpResponse:
    """The page; `refused`: forms that were not accepted, by name."""
    context = {
        **launch_context(launch, request.workspace.timezone),
        "playbook_url": workspace_url(request, "playbook", launch.playbook_id),
        "may_decide": may(request.membership.role, Needs.MANAGE),
        "approve": ApproveForm(launch=launch, auto_id="approve_%s"),
        "refuse": ReasonForm(auto_id="refuse_%s"),
        "stop": ReasonForm(auto_id="stop_%s"),
        **refused,
        "history": history_of([("launch", [launch.pk])], request.workspace.timezone).entries,
    }
    return render(request, "plays/launch.html", context, status=status)


def _decide(
    request: Any, pk: int, form: forms.Form, name: str, act: Callable[..., Any], done: str
) -> HttpResponse:
    launch, status = found(pk), 422
    if form.is_valid():
        try:
            act(launch, by=request.actor, **form.cleaned_data)
            messages.success(request, done)
            return redirect(workspace_url(request, "launch", pk))
        except Conflict as error:
            form.add_error(None, conflict_error(error))
            status = 409
        except PlayRefused as error:
            messages.error(request, str(error))
            return redirect(workspace_url(request, "launch", pk))
    return show(request, found(pk), status, **{name: form})


@require_POST
def approvals(request: Any, pk: int) -> HttpResponse:
    """Start on so many accounts a day."""
    form = ApproveForm(request.POST, launch=found(pk), auto_id="approve_%s")
    done = "Approved. The day’s first plays start in the background."
    return _decide(request, pk, form, "approve", approve_launch, done)


@require_POST
def refusals(request: Any, pk: int) -> HttpResponse:
    """Start none."""
    form = ReasonForm(request.POST, auto_id="refuse_%s")
    return _decide(request, pk, form, "refuse", refuse_launch, "Refused. No play was started.")


@require_POST
def stops(request: Any, pk: int) -> HttpResponse:
    """Start no more."""
    form = ReasonForm(request.POST, auto_id="stop_%s")
    return _decide(request, pk, form, "stop", stop_launch, "Stopped. Plays that were started go on.")
