"""Where a person lands: the root page, and the root of a workspace."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from csworkspace.people.models import Membership, Role
from csworkspace.people.queries import memberships_of


@dataclass(frozen=True)
class Choice:
    """A workspace the person may open."""

    name: str
    role: str
    url: str


def landing_url(membership: Membership) -> str:
    """The first page of a workspace for this member: staff, executives and customers start elsewhere."""
    kind = {Role.VIEWER: "customer", Role.EXECUTIVE: "executive"}.get(Role(membership.role), "staff")
    name = settings.LANDING[kind]
    return reverse(name, args=[membership.workspace.slug])


def root(request: Any) -> HttpResponseBase:
    """The person's only workspace at once, or a choice of them."""
    memberships = memberships_of(request.user)
    if len(memberships) == 1:
        return redirect(landing_url(memberships[0]))
    choices = [Choice(m.workspace.name, m.get_role_display(), landing_url(m)) for m in memberships]
    return render(request, "workspaces/chooser.html", {"choices": choices})


def workspace_root(request: Any) -> HttpResponseBase:
    """`/w/<workspace>/`: on to the visitor's first page."""
    membership = getattr(request, "membership", None)
    if membership is None:  # the holder of a share link
        return redirect(settings.LANDING["customer"], request.workspace.slug)
    return redirect(landing_url(membership))
