"""The pages of the navigation, of the settings and beyond, and the actions on offer; no query."""

from collections.abc import Iterable
from typing import Any

from csworkspace.palette.ranking import ELSEWHERE, closeness
from csworkspace.palette.slots import LIMIT, Hit, commands, further_pages
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
    further = [
        Hit(page.label, workspace_url(request, page.url_name), page.note, page.words)
        for page in further_pages()
        if may(role, page.needs)
    ]
    return closest(text, [*pages, *settings, *further])


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
    """The hits that are called so, the closest first; then those that may be called so."""
    folded = text.casefold()
    rated = [(closeness(folded, hit.label.casefold()), len(hit.label), hit.label, hit) for hit in hits]
    found = [one for one in rated if one[0] < ELSEWHERE or folded in one[3].words]
    return [hit for *_, hit in sorted(found, key=lambda one: one[:3])][:LIMIT]
