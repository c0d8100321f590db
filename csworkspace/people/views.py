"""Pages of workspace settings, members, and the person's own page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csworkspace.people import actions
from csworkspace.people.forms import STAFF_ROLES, MemberFilter, ProfileForm, RoleForm, WorkspaceForm
from csworkspace.people.models import Membership
from csworkspace.people.queries import member_rows
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url


@require_safe
def settings_start(request: Any) -> HttpResponseBase:
    """On to the first page of the settings that the person may open."""
    tabs = settings_tabs(request, "")
    if not tabs:
        raise Http404("no settings for this role")
    return redirect(tabs[0].url)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: Any) -> HttpResponseBase:
    """Name, time zone and currency of the workspace."""
    form = WorkspaceForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        fresh = type(request.workspace).objects.get(pk=request.workspace.pk)
        actions.edit_workspace(fresh, by=request.actor, **form.cleaned_data)
        messages.success(request, "Settings saved.")
        return redirect(workspace_url(request, "settings"))
    if form.errors:
        request.workspace.refresh_from_db()
    context = {"form": form, "tabs": settings_tabs(request, "settings")}
    return render(request, "people/settings.html", context, status=422 if form.errors else 200)


@require_safe
def members_page(request: Any) -> HttpResponseBase:
    """Who is in the workspace, as what."""
    chosen = MemberFilter(request.GET or None)
    context = {
        "form": chosen,
        "members": member_rows(chosen.wanted(), request.membership.pk),
        "roles": STAFF_ROLES,
        "tabs": settings_tabs(request, "members"),
    }
    return render(request, "people/members.html", context)


@require_POST
def set_role(request: Any, pk: int) -> HttpResponseBase:
    """Change a member's role."""
    member = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles.")
        return redirect(workspace_url(request, "members"))
    role = form.cleaned_data["role"]
    return _try(
        request, lambda: actions.change_role(member, role, by=request.actor), f"{member}'s role is changed."
    )


@require_POST
def deactivate(request: Any, pk: int) -> HttpResponseBase:
    """Take a member's access away."""
    member = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    return _try(
        request,
        lambda: actions.deactivate_member(member, by=request.actor),
        f"{member} has no access any more.",
    )


@require_POST
def reactivate(request: Any, pk: int) -> HttpResponseBase:
    """Give a member's access back."""
    member = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    return _try(
        request, lambda: actions.reactivate_member(member, by=request.actor), f"{member} has access again."
    )


def _try(request: Any, act: Any, done: str) -> HttpResponseBase:
    """Act, and go back to the list with what was done, or why it was not."""
    try:
        act()
        messages.success(request, done)
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "members"))


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Any) -> HttpResponseBase:
    """The person's own name, and the way to the rest of their account."""
    form = ProfileForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_person(request.user, form.cleaned_data["name"])
        messages.success(request, "Your name is saved.")
        return redirect("profile")
    return render(request, "account/profile.html", {"form": form}, status=422 if form.errors else 200)
