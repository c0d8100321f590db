"""The catalogue of services: what the team does for accounts."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.tiers import actions, pages
from accounts.tiers.forms import ServiceForm
from accounts.tiers.models import Service
from accounts.tiers.queries import services
from accounts.tiers.views import Crumbs, crumbs, edit
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url


def catalogue(request: Any) -> HttpResponse:
    """Every service, and which tiers promise it."""
    in_use, retired = pages.catalogue(today_of(request.workspace))
    context = {"in_use": in_use, "retired": retired, "crumbs": crumbs(request)}
    return render(request, "tiers/catalogue.html", context)


def below(request: Any) -> Crumbs:
    """The way down to a page below the catalogue."""
    return [*crumbs(request), {"label": "Services", "url": workspace_url(request, "catalogue")}]


def catalogue_new(request: Any) -> HttpResponse:
    """Add a service."""

    def save(**values: Any) -> str:
        service = actions.add_service(**values)
        messages.success(request, f"{service.name} can be promised by tiers now.")
        return workspace_url(request, "catalogue")

    context = {"page_title": "Add a service", "crumbs": below(request)}
    context["cancel_url"] = workspace_url(request, "catalogue")
    return edit(request, ServiceForm(request.POST or None), save, "tiers/service.html", context)


def catalogue_edit(request: Any, pk: int) -> HttpResponse:
    """Change a service, wherever it is promised."""
    service = get_object_or_404(services(), pk=pk)

    def save(**values: Any) -> str:
        saved = actions.edit_service(service, **values)
        messages.success(request, f"{saved.name} is saved.")
        return workspace_url(request, "catalogue")

    context = {"page_title": f"Edit {service.name}", "crumbs": below(request)}
    context["cancel_url"] = workspace_url(request, "catalogue")
    form = ServiceForm(request.POST or None, subject=service)
    return edit(request, form, save, "tiers/service.html", context)


@require_POST
def catalogue_retirements(request: Any, pk: int) -> HttpResponse:
    """Take a service out of the choices."""
    service = get_object_or_404(services(), pk=pk)
    try:
        actions.retire_service(service, by=request.actor)
        messages.success(request, f"{service.name} is retired. Its history stays.")
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "catalogue"))


@require_POST
def catalogue_returns(request: Any, pk: int) -> HttpResponse:
    """Bring a retired service back."""
    service = get_object_or_404(Service.objects.exclude(retired_at=None), pk=pk)
    again = {"name": service.name, "kind": service.kind, "description": service.description}
    actions.add_service(by=request.actor, **again)
    messages.success(request, f"{service.name} can be promised again.")
    return redirect(workspace_url(request, "catalogue"))
