"""The frame around every page of the portal: the account, its navigation, and who is looking."""

from typing import Any

from django.shortcuts import get_object_or_404

from accounts.accounts.models import Account
from accounts.visits.actions import Visitor, note_visit
from csworkspace.people.models import Role
from csworkspace.web.context import NavLink
from csworkspace.web.urls import workspace_url

PAGES = (
    ("Overview", "portal_account"),
    ("Plan", "portal_plan"),
    ("Progress", "portal_progress"),
    ("Maturity", "portal_maturity"),
    ("Recommendations", "portal_recommendations"),
    ("Reports", "portal_reports"),
)


def portal_account(pk: int) -> Account:
    """The account, or 404; the transaction of a customer sees no other than theirs."""
    return get_object_or_404(Account, pk=pk)


def is_staff(request: Any) -> bool:
    """Whether a member of the team is having a look at the customer's pages."""
    return request.membership is not None and request.membership.role != Role.VIEWER


def visitor_of(request: Any) -> Visitor | None:
    """The customer who looks: a member, or whoever holds a share link; None for the team."""
    if request.membership is not None:
        member = request.membership
        return None if is_staff(request) else Visitor(f"member {member.pk}", str(request.user))
    link = request.share_link
    return Visitor(f"link {link.pk}", f"{link.label} (link)")


def note_look(request: Any, account: Account, route: str = "") -> None:
    """Note that a customer looks at this page: its route, with the id or the key of what is opened.

    route: of the page that shows the same, if this is another form of it.
    """
    visitor = visitor_of(request)
    if visitor is None:
        return
    match = request.resolver_match
    what = [str(value) for name, value in match.kwargs.items() if name != "pk"]
    page = " ".join([route or match.url_name, *what])
    note_visit(account.pk, visitor, page, by=request.actor, workspace=request.workspace)


def portal_frame(request: Any, account: Account, current: str) -> dict[str, Any]:
    """The context of templates/portal/frame.html, which every page of the portal extends.

    Here is where a customer's look is noted, because no page can do without it.
    """
    note_look(request, account)
    return {
        "account": account,
        "portal_account": account.name,
        "portal_url": workspace_url(request, "portal_account", account.pk),
        "portal_nav": [
            NavLink(label, workspace_url(request, name, account.pk), name == current) for label, name in PAGES
        ],
        "is_preview": is_staff(request),
        "other_accounts_url": workspace_url(request, "portal")
        if len(getattr(request, "portal_accounts", ())) > 1
        else "",
    }
