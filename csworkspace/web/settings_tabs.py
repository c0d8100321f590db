"""The tabs of a workspace's settings; every floor may add its own with `add_tab("settings", …)`."""

from dataclasses import dataclass
from typing import Any

from django.urls import resolve

from csworkspace.people.access import may
from csworkspace.web.slots import tabs
from csworkspace.web.urls import workspace_url


@dataclass(frozen=True)
class TabLink:
    """A tab as kit/_tabs.html prints it."""

    label: str
    url: str
    current: bool


def settings_tabs(request: Any, current: str) -> list[TabLink]:
    """The settings tabs that the person may open, in order; `current` is the URL name of the page shown."""
    links = [
        TabLink(tab.label, workspace_url(request, tab.url_name), tab.url_name == current)
        for tab in tabs("settings")
    ]
    role = request.membership.role
    return [link for link in links if may(role, vars(resolve(link.url).func)["needs"])]
