"""The door for holders of a share link: the token is swapped for a cookie and leaves the address."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.accounts.models import ShareLink
from csworkspace.people.addresses import client_address
from csworkspace.tenancy.models import Workspace
from reports.portal.actions import open_link
from reports.portal.guests import enter_by, guest_actor
from reports.portal.tokens import COOKIE, seal

WRONG_LIMIT, WRONG_SECONDS = 20, 600


@require_safe
def share_entry(request: Any, token: str) -> HttpResponse:
    """Swap a live link for a cookie; one page and one status for all that do not work."""
    key = f"share-link-wrong:{client_address(request)}"
    if (cache.get(key) or 0) >= WRONG_LIMIT:
        return sealed(render(request, "portal/slow_down.html", status=429))
    link = enter_by(token)
    if link is None:
        cache.add(key, 0, WRONG_SECONDS)
        cache.incr(key)
        return sealed(render(request, "portal/link_gone.html", status=404))
    open_link(link, by=guest_actor(request, link))
    return sealed(pass_for(link, Workspace.objects.get()))


def pass_for(link: ShareLink, workspace: Workspace) -> HttpResponse:
    """The redirect into the portal, with the cookie for it."""
    home = reverse("portal", args=[workspace.slug])
    response = redirect(home)
    response.set_cookie(
        COOKIE,
        seal(workspace.pk, link.pk),
        max_age=int((link.expires_at - timezone.now()).total_seconds()),
        path=home,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
    return response


def sealed(response: HttpResponse) -> HttpResponse:
    """The token is in this page's address: nothing may keep it or pass it on."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
