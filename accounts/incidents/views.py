"""Incidents: the list, one with the accounts that were exposed, entering and correcting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.incidents import actions
from accounts.incidents.forms import EndForm, IncidentForm, initial_of
from accounts.incidents.models import Incident
from accounts.incidents.queries import EXPOSED, exposure_of, incident_page, read_cursor, row_of
from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.web.moments import local
from csworkspace.web.slots import tabs
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error


def incident_list(request: Any) -> HttpResponse:
    """All incidents, the newest first."""
    after = read_cursor(request.GET.get("after", ""))
    rows, last = incident_page(request.workspace.timezone, after)
    here = workspace_url(request, "incidents")
    context = {
        "tabs": [
            {
                "label": tab.label,
                "url": workspace_url(request, tab.url_name),
                "current": tab.url_name == "incidents",
            }
            for tab in tabs("signals")
        ],
        "rows": rows,
        "first_url": here if after else "",
        "next_url": f"{here}?after={last.replace('+', '%2B')}" if last else "",
        "may_work": may(request.membership.role, Needs.WORK),
    }
    return render(request, "incidents/list.html", context)


def show(request: Any, one: Incident, status: int = 200, form: EndForm | None = None) -> HttpResponse:
    """An incident's page, with a form that was refused if there is one."""
    zone = request.workspace.timezone
    initial = {"ended_at": local(timezone.now(), zone), "version": one.version}
    context = {
        "one": one,
        "row": row_of(one, zone),
        "exposure": exposure_of(one, zone),
        "most": EXPOSED,
        "crumbs": [{"label": "Incidents", "url": workspace_url(request, "incidents")}],
        "history": history_of([("incident", [one.pk])], zone).entries,
        "end_form": form or EndForm(zone=zone, initial=initial),
        "may_work": may(request.membership.role, Needs.WORK),
    }
    return render(request, "incidents/incident.html", context, status=status)


def incident_one(request: Any, pk: int) -> HttpResponse:
    """One incident, and who used what was affected meanwhile."""
    return show(request, get_object_or_404(Incident, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def incident_new(request: Any) -> HttpResponse:
    """Enter an incident."""
    zone = request.workspace.timezone
    form = IncidentForm(request.POST or None, zone=zone, initial={"started_at": local(timezone.now(), zone)})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_incident(form.facts(), by=request.actor)
            messages.success(request, "The incident is entered.")
            return redirect(workspace_url(request, "incident", made.pk))
        except actions.IncidentRefused as error:
            form.add_error(error.field, str(error))
    return _form_page(request, form, "Enter an incident", workspace_url(request, "incidents"))


@require_http_methods(["GET", "HEAD", "POST"])
def incident_edit(request: Any, pk: int) -> HttpResponse:
    """Correct an incident."""
    one, zone = get_object_or_404(Incident, pk=pk), request.workspace.timezone
    form = IncidentForm(request.POST or None, zone=zone, subject=one, initial=initial_of(one, zone))
    status, page = 422, workspace_url(request, "incident", pk)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            changed = actions.edit_incident(one, form.facts(), by=request.actor, version=version)
            messages.success(request, "Saved." if changed else "Nothing had changed.")
            return redirect(page)
        except actions.IncidentRefused as error:
            form.add_error(error.field, str(error))
        except Conflict as error:
            form.add_error(None, conflict_error(error))
            status = 409
    return _form_page(request, form, f"Edit “{one.title}”", page, status)


def _form_page(request: Any, form: IncidentForm, title: str, cancel: str, status: int = 422) -> HttpResponse:
    context = {
        "form": form,
        "page_title": title,
        "cancel_url": cancel,
        "crumbs": [{"label": "Incidents", "url": workspace_url(request, "incidents")}],
    }
    return render(request, "incidents/form.html", context, status=status if form.errors else 200)


@require_POST
def incident_ends(request: Any, pk: int) -> HttpResponse:
    """Say when it ended."""
    one = get_object_or_404(Incident, pk=pk)
    form = EndForm(request.POST, zone=request.workspace.timezone)
    status = 422
    if form.is_valid():
        try:
            actions.end_incident(one, by=request.actor, **form.cleaned_data)
            messages.success(request, "The incident has ended.")
            return redirect(workspace_url(request, "incident", pk))
        except actions.IncidentRefused as error:
            form.add_error("ended_at", str(error))
        except Conflict as error:
            messages.warning(request, str(error))
            return show(request, get_object_or_404(Incident, pk=pk), status=409)
    return show(request, one, status, form)
