"""What stands around the book's rows: the saved views, and the choice of columns."""

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from accounts.book.columns import COLUMNS, columns_of, write_columns
from accounts.book.filters import BookFilter
from accounts.book.models import SavedView
from accounts.book.queries import Surroundings, ViewLink
from csworkspace.people.access import Needs, may
from csworkspace.people.models import Role
from csworkspace.web.urls import workspace_url

# So many tabs fit above the book; the other views are in a menu beside them.
TABS = 6


def toolbar(request: Any, view: BookFilter, around: Surroundings) -> dict[str, Any]:
    """Context of the tabs and the tools; no query."""
    current = next((link for link in around.views if str(link.pk) == view.view), None)
    tabs, more = view_tabs(request, current, around)
    return {
        "tabs": tabs,
        "more_views": more,
        "picker": picker_html(view.cols, around.headline[0] if around.headline else ""),
        "state": parse_qsl(view.url(cols="")[1:]),
        **view_tools(request, view, current),
    }


def address(link: ViewLink) -> str:
    """The query string that shows a saved view."""
    more = {"cols": write_columns(link.columns), "view": str(link.pk)}
    return f"?{link.query}&" + urlencode({name: value for name, value in more.items() if value})


def chosen_url(request: Any, saved: SavedView) -> str:
    """The book under a saved view."""
    link = ViewLink(
        saved.pk, saved.name, saved.query, saved.columns, saved.is_shared, saved.owner_id, saved.version
    )
    return workspace_url(request, "book") + address(link)


def view_tabs(
    request: Any, current: ViewLink | None, around: Surroundings
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The plain book and the saved views: first tabs, then what has no room; none without views."""
    if not around.views:
        return [], []
    base, me = workspace_url(request, "book"), request.membership.pk
    plain = "My accounts" if request.membership.role == Role.CSM else "All accounts"
    found = [
        {"label": label_of(link, me, around), "url": base + address(link), "current": link is current}
        for link in around.views
    ]
    first = {"label": plain, "url": base, "current": current is None}
    shown = found[:TABS] + [tab for tab in found[TABS:] if tab["current"]]
    return [first, *shown], [tab for tab in found[TABS:] if not tab["current"]]


def label_of(link: ViewLink, me: int, around: Surroundings) -> str:
    """A view's name, with whose it is when it is somebody else's."""
    if link.owner_id == me:
        return link.name
    owner = around.team.get(link.owner_id) or around.former.get(link.owner_id) or "a colleague"
    return f"{link.name} · {owner}"


def view_tools(request: Any, view: BookFilter, current: ViewLink | None) -> dict[str, Any]:
    """What the person can do with the view: change it, save what differs, save it as another."""
    is_own = current is not None and current.owner_id == request.membership.pk
    may_edit = current is not None and (is_own or may(request.membership.role, Needs.MANAGE))
    return {
        "save_as_url": workspace_url(request, "view_new") + view.url(),
        "edit_view_url": workspace_url(request, "view_edit", current.pk) if current and may_edit else "",
        "contents_url": workspace_url(request, "view_contents", current.pk) if current and is_own else "",
        "current_view": current,
        "is_changed": current is not None and is_changed(view, current),
    }


def is_changed(view: BookFilter, link: ViewLink) -> bool:
    """Whether the page shows something else than the view it came from."""
    return (view.url(cols="", view=""), view.cols) != (f"?{link.query}", write_columns(link.columns))


@lru_cache(maxsize=256)
def picker_html(cols: str, headline: str) -> SafeString:
    """Every column, the shown ones first in their order; remembered, because it is long."""
    shown = [column.name for column in columns_of(cols)]
    rest = [name for name in COLUMNS if name not in shown]
    labels = {name: column.label for name, column in COLUMNS.items()}
    columns = [
        {
            "name": name,
            "label": headline if headline and name == "headline" else labels[name],
            "checked": name in shown,
            "may_rise": 0 < place < len(shown),
        }
        for place, name in enumerate([*shown, *rest])
    ]
    return mark_safe(render_to_string("book/_picker.html", {"columns": columns}))


def picked(names: list[str], risen: str) -> str:
    """The columns of a sent picker as `cols`; `risen` is moved before the one that stood before it."""
    if risen in names and names.index(risen):
        place = names.index(risen)
        names = [*names[: place - 1], risen, names[place - 1], *names[place + 1 :]]
    return write_columns(names)
