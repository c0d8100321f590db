"""Opening the workspace of a URL, or answering that there is none."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from csworkspace.audit.actor import Actor
from csworkspace.people.access import Needs, accounts_of, may
from csworkspace.people.addresses import client_address
from csworkspace.people.entering import enter_as
from csworkspace.people.guests import find_guest
from csworkspace.people.models import Membership, Role
from csworkspace.people.queries import memberships_of
from csworkspace.tenancy.database import confine_to_accounts


class AccessMiddleware:
    """Resolve `/w/<workspace>/…`: membership, role, and the open workspace.

    A route without a declared need is refused, so that access cannot be forgotten.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The work is in process_view; what a workspace showed stays in no cache."""
        response = self.get_response(request)
        if hasattr(request, "workspace") and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Open the workspace, or answer for it."""
        needs = getattr(view, "needs", None)
        slug = kwargs.pop("workspace", None)
        if slug is None:
            if needs is Needs.SIGNED_IN and not request.user.is_authenticated:
                return ask_to_sign_in(request)
            return None
        if needs is None:
            raise Http404("this route declares no need")
        if needs is Needs.PORTAL and find_guest(request, slug):
            return None
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return open_for(request, slug, needs)


def ask_to_sign_in(request: Any) -> HttpResponseBase:
    """To the sign-in page, and back afterwards; a part of a page sends the whole page there."""
    if request.htmx:
        page = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    return redirect_to_login(request.get_full_path())


def open_for(request: Any, slug: str, needs: Needs) -> HttpResponseBase | None:
    """Open the workspace for a signed-in person, or 404 if they are no member of it."""
    request.memberships = memberships_of(request.user)
    membership = next((m for m in request.memberships if m.workspace.slug == slug), None)
    if membership is None:
        raise Http404("no such workspace")
    enter(request, membership)
    if not may(membership.role, needs):
        raise Http404("not for customers") if membership.role == Role.VIEWER else PermissionDenied
    if membership.role in settings.MFA_REQUIRED_ROLES and not has_second_factor(request):
        return ask_for_second_factor(request, membership)
    return None


def enter(request: Any, membership: Membership) -> None:
    """Open the workspace; from here on only its rows are visible."""
    request.member_figures = enter_as(membership)
    request.workspace, request.membership = membership.workspace, membership
    request.actor = Actor(
        label=str(request.user),
        origin=client_address(request),
        user_id=request.user.pk,
        membership_id=membership.pk,
    )
    if membership.role == Role.VIEWER:
        request.portal_accounts = accounts_of(membership)
        confine_to_accounts(request.portal_accounts)


def ask_for_second_factor(request: Any, membership: Membership) -> HttpResponseBase:
    """To the set-up page, saying why."""
    role = membership.get_role_display()
    messages.warning(
        request,
        f"{membership.workspace} asks for a second step from everybody with the role {role}. "
        "Set one up here; then go on.",
    )
    return HttpResponseClientRedirect(reverse("mfa_index")) if request.htmx else redirect("mfa_index")


def has_second_factor(request: Any) -> bool:
    """Whether the person has TOTP or a passkey."""
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(request.user))
