"""Named places of a page that upper floors fill, without the page knowing them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from csworkspace.people.access import Needs


@dataclass(frozen=True)
class NavEntry:
    """A link in the main navigation: label, URL name, what it needs, and order.

    is_more: what is set up once and looked at now and then; it waits in the menu at the end.
    """

    label: str
    url_name: str
    needs: Needs
    order: int
    is_more: bool = False


@dataclass(frozen=True)
class Panel:
    """A part of a page: a template, and a function that gives its context.

    `context(request, subject)` returns a dict for the template, or None to leave
    the panel out.
    """

    name: str
    title: str
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    order: int


@dataclass(frozen=True)
class Tab:
    """A tab of an object's page: label, URL name (takes the object's id), order."""

    label: str
    url_name: str
    order: int


_nav: list[NavEntry] = []
_search: list[str] = []
_panels: dict[str, list[Panel]] = {}
_tabs: dict[str, list[Tab]] = {}


def add_nav(entry: NavEntry) -> None:
    """Add a link to the main navigation."""
    if entry not in _nav:
        _nav.append(entry)
        _nav.sort(key=lambda item: item.order)


def nav_entries() -> list[NavEntry]:
    """The main navigation, in order."""
    return list(_nav)


def set_search(url_name: str) -> None:
    """Name the page that the search field of every page leads to, with `?q=`."""
    _search[:] = [url_name]


def search_page() -> str | None:
    """The URL name of the search's page, if a floor has named one."""
    return _search[0] if _search else None


def add_panel(slot: str, panel: Panel) -> None:
    """Put a panel into a page's slot, for example "account.overview"."""
    if panel not in _panels.setdefault(slot, []):
        _panels[slot].append(panel)
        _panels[slot].sort(key=lambda item: item.order)


def panels(slot: str, request: Any, subject: Any) -> list[dict[str, Any]]:
    """The slot's panels that have something to show: name, title, template, context."""
    shown = []
    for panel in _panels.get(slot, []):
        context = panel.context(request, subject)
        if context is not None:
            shown.append(
                {"name": panel.name, "title": panel.title, "template": panel.template, "data": context}
            )
    return shown


def add_tab(slot: str, tab: Tab) -> None:
    """Add a tab to an object's page, for example "account"."""
    if tab not in _tabs.setdefault(slot, []):
        _tabs[slot].append(tab)
        _tabs[slot].sort(key=lambda item: item.order)


def tabs(slot: str) -> list[Tab]:
    """The tabs of an object's page, in order."""
    return list(_tabs.get(slot, []))
