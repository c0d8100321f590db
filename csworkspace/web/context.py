"""What every page's frame shows."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from csworkspace.people.access import Needs, may
from csworkspace.web.slots import NavEntry, nav_entries, search_page
from csworkspace.web.urls import workspace_url


@dataclass(frozen=True)
class UserLink:
    """A link in the person's own menu."""

    label: str
    url: str


@dataclass(frozen=True)
class NavLink:
    """A navigation link as the page prints it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Bell:
    """How much a member has not read, and the page that lists it."""

    url: str
    unread: int

    @property
    def text(self) -> str:
        """The number as the bell has room for it."""
        return "99+" if self.unread > 99 else str(self.unread)


def bell_of(request: Any) -> Bell:
    """The bell in the masthead; no query."""
    return Bell(workspace_url(request, "notifications"), request.member_figures.get("unread", 0))


def user_links() -> list[UserLink]:
    """The person's own pages that are ours; the sign-in package's are in the template."""
    return [UserLink("You", reverse("profile"))]


def shell(request: Any) -> dict[str, Any]:
    """The workspace, the person's role and the navigation; empty outside a workspace."""
    membership = getattr(request, "membership", None)
    workspace = getattr(request, "workspace", None)
    if membership is None:
        return {
            "workspace": workspace,
            "membership": None,
            "nav": [],
            "nav_more": [],
            "role": None,
            "user_links": user_links(),
        }
    found, reads = search_page(), may(membership.role, Needs.READ)
    entries = [entry for entry in nav_entries() if may(membership.role, entry.needs)]
    return {
        "bell": bell_of(request) if reads else None,
        "user_links": user_links(),
        "search_url": workspace_url(request, found) if found and reads else "",
        "find_url": workspace_url(request, "find") if reads else "",
        "workspace": workspace,
        "membership": membership,
        "role": membership.role,
        "other_memberships": [m for m in request.memberships if m.pk != membership.pk],
        "nav": [nav_link(request, entry) for entry in entries if not entry.is_more],
        "nav_more": [nav_link(request, entry) for entry in entries if entry.is_more],
    }


def nav_link(request: Any, entry: NavEntry) -> NavLink:
    """A navigation link, and whether the page is below it."""
    url = workspace_url(request, entry.url_name)
    return NavLink(entry.label, url, request.path.startswith(url))
