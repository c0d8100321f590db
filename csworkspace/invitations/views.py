"""Pages of inviting and accepting."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from csworkspace.invitations import actions, queries
from csworkspace.invitations.forms import InviteForm, JoinForm
from csworkspace.people.addresses import client_address
from csworkspace.people.home import landing_url
from csworkspace.people.models import Invitation
from csworkspace.web.once import keep_once, take_once
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations_page(request: Any) -> HttpResponseBase:
    """Open invitations, and the form for a new one; its link is shown once, after the redirect."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            invited = actions.invite(
                data["email"], data["role"], by=request.actor, account_ids=data["accounts"]
            )
            return _show_link(request, invited)
        except actions.InvitationRefused as error:
            form.add_error("email", str(error))
    context = {
        "form": form,
        "invited": take_once(request, "invited"),
        "invitations": queries.open_invitations(),
        "tabs": settings_tabs(request, "invitations"),
    }
    return render(request, "invitations/list.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def resend(request: Any, pk: int) -> HttpResponseBase:
    """Send an invitation again."""
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        return _show_link(request, actions.resend_invitation(invitation, by=request.actor))
    except actions.InvitationRefused as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "invitations"))


@require_POST
def withdraw(request: Any, pk: int) -> HttpResponseBase:
    """Close an invitation."""
    try:
        invitation = actions.withdraw_invitation(get_object_or_404(Invitation, pk=pk), by=request.actor)
        messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    except actions.InvitationRefused as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "invitations"))


def _show_link(request: Any, invited: actions.Invited) -> HttpResponseBase:
    keep_once(request, "invited", {"email": invited.invitation.email, "link": invited.link})
    return redirect(workspace_url(request, "invitations"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Any, token: str) -> HttpResponseBase:
    """The invited person's page: join as who they are, sign in first, or set name and password."""
    found = queries.find_by_token(token)
    if found is None:
        return render(request, "invitations/gone.html", status=404)
    if request.user.is_authenticated:
        return _join_as(request, found)
    if actions.is_known(found.invitation.email):
        return render(request, "invitations/accept.html", {"invitation": found.invitation, "case": "sign in"})
    return _join_anew(request, found)


def _join_as(request: Any, found: queries.Found) -> HttpResponseBase:
    invitation = found.invitation
    mine = actions.owns_address(request.user, invitation.email)
    if mine and actions.is_member(request.user):
        messages.info(request, f"You are a member of {invitation.workspace} already.")
        return redirect("root")
    if request.method != "POST" or not mine:
        case = "join" if mine else "another"
        context = {"invitation": invitation, "case": case}
        return render(
            request, "invitations/accept.html", context, status=403 if request.method == "POST" else 200
        )
    origin = client_address(request)
    member = _accept(invitation, origin=origin, mailed=found.mailed, user=request.user)
    messages.success(request, f"Welcome to {invitation.workspace}.")
    return redirect(landing_url(member))


def _join_anew(request: Any, found: queries.Found) -> HttpResponseBase:
    invitation = found.invitation
    form = JoinForm(request.POST or None, email=invitation.email)
    if request.method != "POST" or not form.is_valid():
        context = {"invitation": invitation, "case": "new", "form": form}
        return render(request, "invitations/accept.html", context, status=422 if form.errors else 200)
    origin = client_address(request)
    member = _accept(invitation, origin=origin, mailed=found.mailed, **form.cleaned_data)
    # Through allauth's stages: an address that is not proven yet is confirmed first.
    return perform_login(request, Login(user=member.user, redirect_url=landing_url(member)))


def _accept(invitation: Invitation, **how: Any) -> Any:
    try:
        return actions.accept_invitation(invitation, **how)
    except actions.InvitationRefused as error:
        raise Http404(str(error)) from error
