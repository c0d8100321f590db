"""The tiers' settings pages: the list, one tier, and what a tier is."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.tiers import actions, pages
from accounts.tiers.forms import TierForm
from accounts.tiers.models import Tier, TierVersion
from accounts.tiers.queries import members_of, tiers
from csworkspace.tenancy.clock import today_of
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict

Crumbs = list[dict[str, str]]


def crumbs(request: Any, tier: Tier | None = None) -> Crumbs:
    """The way down to a page below the list, or below a tier."""
    way = [{"label": "Tiers", "url": workspace_url(request, "tiers")}]
    return [*way, {"label": tier.name, "url": workspace_url(request, "tier", tier.pk)}] if tier else way


def edit(
    request: Any, form: forms.Form, save: Callable[..., str], template: str, context: dict[str, Any]
) -> HttpResponse:
    """Show a form, or save it and go to the address that `save` gives.

    422 when refused, beside the field that the refusal names; 409 when somebody else was faster.
    """
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(save(by=request.actor, **form.cleaned_data))
        except Conflict as error:
            form.add_error(None, str(error))
            status = 409
        except ValueError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
    context |= {"form": form, "is_conflict": status == 409}
    return render(request, template, context, status=status if form.errors else 200)


def tier_list(request: Any) -> HttpResponse:
    """The tiers in use, the most served first."""
    lines = pages.tier_lines(request.workspace.currency, today_of(request.workspace))
    retired = Tier.objects.exclude(retired_at=None).order_by("position")
    context: dict[str, Any] = {"lines": lines, "retired": retired, "tabs": settings_tabs(request, "tiers")}
    context["is_cut_off"] = any(line.warning for line in lines)
    return render(request, "tiers/list.html", context)


def tier_page(request: Any, pk: int, *, status: int = 200) -> HttpResponse:
    """One tier: what it promises now, what is planned, and what was promised before."""
    tier = get_object_or_404(Tier, pk=pk)
    promises = pages.promises_of(tier, today_of(request.workspace), request.workspace)
    members = members_of(tier)
    context = {
        "tier": tier,
        "stats": pages.stats_of(request, tier, promises, members),
        "facts": pages.facts_of(tier, request.workspace.currency),
        "promises": promises,
        "account_count": members.all,
        "seen": {"version": tier.version},
        "crumbs": crumbs(request),
    }
    return render(request, "tiers/detail.html", context, status=status)


def tier_new(request: Any) -> HttpResponse:
    """Add a tier."""
    form = TierForm(request.POST or None, currency=request.workspace.currency)

    def save(**values: Any) -> str:
        tier = actions.add_tier(**values)
        messages.success(request, f"{tier.name} is tier {tier.position} now. Say what it promises.")
        return workspace_url(request, "tier", tier.pk)

    context = {"page_title": "Add a tier", "crumbs": crumbs(request)}
    context["cancel_url"] = workspace_url(request, "tiers")
    return edit(request, form, save, "tiers/edit.html", context)


def tier_edit(request: Any, pk: int) -> HttpResponse:
    """Change what a tier is; its accounts and its service levels stay."""
    tier = get_object_or_404(tiers(), pk=pk)
    form = TierForm(request.POST or None, subject=tier, currency=request.workspace.currency)

    def save(**values: Any) -> str:
        saved = actions.edit_tier(tier, **values)
        messages.success(request, f"{saved.name} is saved.")
        return workspace_url(request, "tier", pk)

    context = {"page_title": f"Edit {tier.name}", "crumbs": crumbs(request, tier)}
    context["cancel_url"] = workspace_url(request, "tier", pk)
    return edit(request, form, save, "tiers/edit.html", context)


@require_POST
def tier_move(request: Any, pk: int) -> HttpResponse:
    """Move a tier up or down by one place."""
    tier = get_object_or_404(Tier, pk=pk)
    actions.move_tier(tier, by=request.actor, up=request.POST.get("direction") == "up")
    return redirect(workspace_url(request, "tiers"))


@require_POST
def tier_removals(request: Any, pk: int) -> HttpResponse:
    """Delete or retire a tier that has no accounts."""
    tier, seen = get_object_or_404(Tier, pk=pk), request.POST.get("version", "")
    name, version = tier.name, int(seen) if seen.isdecimal() and len(seen) < 10 else None
    try:
        deleted = actions.remove_tier(tier, by=request.actor, version=version)
    except Conflict as error:
        messages.error(request, str(error))
        return tier_page(request, pk, status=409)
    except ValueError as error:
        messages.error(request, str(error))
        return redirect(workspace_url(request, "tier", pk))
    messages.success(request, f"{name} is gone." if deleted else f"{name} is retired. Its history stays.")
    return redirect(workspace_url(request, "tiers"))


@require_POST
def version_removals(request: Any, pk: int) -> HttpResponse:
    """Give up a planned change of service levels."""
    version = get_object_or_404(TierVersion.objects.select_related("tier"), pk=pk)
    tier_id = version.tier_id
    try:
        actions.remove_version(version, by=request.actor)
        messages.success(request, "The planned change is gone. What holds now goes on.")
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "tier", tier_id))
