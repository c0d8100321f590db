"""The pages of the navigation and the settings, and the actions on offer; no query."""

from collections.abc import Iterable
from typing import Any

from csworkspace.palette.ranking import ELSEWHERE, closeness
from csworkspace.palette.slots import LIMIT, Hit, commands
from csworkspace.people.access import may
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.slots import nav_entries
from csworkspace.web.urls import workspace_url


def find_pages(request: Any, text: str) -> list[Hit]:
    """Pages that the person may open; without a text all of the navigation."""
    role = request.membership.role
    pages = [
        Hit(entry.label, workspace_url(request, entry.url_name))
        for entry in nav_entries()
        if may(role, entry.needs)
    ]
    if not text:
        return pages
    settings = [Hit(tab.label, tab.url, "Settings") for tab in settings_tabs(request, "")]
    return closest(text, [*pages, *settings])


def find_commands(request: Any, text: str) -> list[Hit]:
    """Actions that the person may start."""
    role = request.membership.role
    offered = [
        Hit(command.label, workspace_url(request, command.url_name))
        for command in commands()
        if may(role, command.needs)
    ]
    return closest(text, offered) if text else offered


def closest(text: str, hits: Iterable[Hit]) -> list[Hit]:
    """The hits that are called so, the closest first."""
    folded = text.casefold()
    rated = [(closeness(folded, hit.label.casefold()), len(hit.label), hit.label, hit) for hit in hits]
    return [hit for rank, *_, hit in sorted(rated, key=lambda one: one[:3]) if rank < ELSEWHERE][:LIMIT]
