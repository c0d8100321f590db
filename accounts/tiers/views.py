"""The tiers' settings page."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.tiers import actions
from accounts.tiers.forms import TierForm
from accounts.tiers.models import Tier
from accounts.tiers.queries import tiers
from csworkspace.people.access import Needs, may
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url


def tier_list(request: Any) -> HttpResponse:
    """List the tiers; add one."""
    form = TierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tier = actions.add_tier(by=request.actor, **form.cleaned_data)
        messages.success(request, f"{tier.name} was added below the others.")
        return redirect(workspace_url(request, "tiers"))
    counted = tiers().annotate(account_count=Count("accounts"))
    # The other settings are for admins; a manager sees this page by itself.
    is_admin = may(request.membership.role, Needs.ADMIN)
    context = {"form": form, "tiers": counted, "tabs": settings_tabs(request, "tiers") if is_admin else []}
    return render(request, "tiers/list.html", context, status=422 if form.errors else 200)


def tier_edit(request: Any, pk: int) -> HttpResponse:
    """Rename a tier."""
    tier = get_object_or_404(Tier, pk=pk)
    initial = {"name": tier.name, "description": tier.description}
    form = TierForm(request.POST or None, initial=initial, tier=tier)
    if request.method == "POST" and form.is_valid():
        actions.edit_tier(tier, by=request.actor, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect(workspace_url(request, "tiers"))
    context = {"form": form, "tier": tier, "cancel_url": workspace_url(request, "tiers")}
    return render(request, "tiers/edit.html", context, status=422 if form.errors else 200)


@require_POST
def tier_move(request: Any, pk: int) -> HttpResponse:
    """Move a tier up or down by one place."""
    tier = get_object_or_404(Tier, pk=pk)
    actions.move_tier(tier, by=request.actor, up=request.POST.get("direction") == "up")
    return redirect(workspace_url(request, "tiers"))
