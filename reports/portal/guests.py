"""Recognising the holder of a share link on every request, and letting them into one account."""

from typing import Any

from django.http import Http404
from django.utils import timezone

from accounts.accounts.models import ShareLink
from csworkspace.audit.actor import Actor
from csworkspace.people.addresses import client_address
from csworkspace.people.queries import memberships_of
from csworkspace.tenancy.database import confine_to_accounts, enter_workspace, set_local
from csworkspace.tenancy.models import Workspace
from reports.portal.actions import note_visit
from reports.portal.tokens import COOKIE, hash_token, unseal, workspace_in


def find_guest(request: Any, slug: str) -> bool:
    """Whether the request holds a pass that is still good; then the transaction sees one account only.

    Members of the workspace come in as themselves. A pass that was revoked or has expired answers 404
    from the next request on.
    """
    sealed = unseal(request.COOKIES.get(COOKIE, ""))
    if sealed is None or is_member(request, slug):
        return False
    workspace_id, link_id = sealed
    # A guest's own memberships would let them see their other workspaces beside this one.
    set_local(user="", workspace=str(workspace_id))
    workspace = Workspace.objects.filter(pk=workspace_id, slug=slug).first()
    link = live_links().filter(pk=link_id).first() if workspace else None
    if workspace is None or link is None:
        set_local(workspace="")
        raise Http404("this link no longer works")
    admit(request, workspace, link)
    return True


def is_member(request: Any, slug: str) -> bool:
    """Whether a signed-in person belongs to the workspace."""
    if not request.user.is_authenticated:
        return False
    return any(one.workspace.slug == slug for one in memberships_of(request.user))


def admit(request: Any, workspace: Workspace, link: ShareLink) -> None:
    """Let the visitor see the link's account."""
    note_visit(link)
    request.workspace, request.membership, request.memberships = workspace, None, []
    request.actor = guest_actor(request, link)
    request.portal_accounts, request.share_link = [link.account_id], link
    confine_to_accounts(request.portal_accounts)


def guest_actor(request: Any, link: ShareLink) -> Actor:
    """Whom the audit log names."""
    return Actor(label=f"Share link: {link.label}"[:160], origin=client_address(request))


def live_links() -> Any:
    """Links of the open workspace that are neither revoked nor expired."""
    return ShareLink.objects.filter(revoked_at=None, expires_at__gt=timezone.now())


def enter_by(token: str) -> ShareLink | None:
    """Open the workspace that a token names and find its live link; None, and nothing open, otherwise."""
    workspace_id = workspace_in(token)
    if workspace_id is None:
        return None
    enter_workspace(workspace_id)
    link: ShareLink | None = live_links().filter(token_hash=hash_token(token)).first()
    if link is None:
        set_local(workspace="")
    return link
