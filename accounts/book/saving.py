"""Saving views of the book, and what happens to them afterwards."""

from django.db import transaction

from accounts.book.filters import BookFilter
from accounts.book.models import SavedView
from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership
from csworkspace.web.versions import check_version

SHOWN = ("name", "query", "columns", "is_shared")


@transaction.atomic
def save_view(view: BookFilter, *, by: Actor, owner: Membership, name: str, is_shared: bool) -> SavedView:
    """Keep what the page shows under a name. Names are once per owner: the form has looked."""
    saved = SavedView.objects.create(owner=owner, name=name, is_shared=is_shared, **contents_of(view))
    record("saved", saved, by=by, after=values_of(saved, SHOWN))
    return saved


@transaction.atomic
def rename_view(saved: SavedView, *, by: Actor, seen: int | None, name: str, is_shared: bool) -> SavedView:
    """Rename a view, share it or keep it to oneself. Raises Conflict."""
    return _write(saved, {"name": name, "is_shared": is_shared}, by=by, seen=seen)


@transaction.atomic
def refill_view(saved: SavedView, view: BookFilter, *, by: Actor, seen: int | None) -> SavedView:
    """Let a view show what the page shows now. Raises Conflict."""
    return _write(saved, contents_of(view), by=by, seen=seen)


@transaction.atomic
def remove_view(saved: SavedView, *, by: Actor) -> None:
    """Delete a view."""
    record("removed", saved, by=by, before=values_of(saved, SHOWN))
    saved.delete()


def contents_of(view: BookFilter) -> dict[str, object]:
    """What is kept of a page: its address without columns and view, and the columns."""
    columns = view.cols.split(",") if view.cols else []
    return {"query": view.url(cols="", view="").removeprefix("?"), "columns": columns}


def _write(saved: SavedView, values: dict[str, object], *, by: Actor, seen: int | None) -> SavedView:
    saved = SavedView.objects.select_for_update().get(pk=saved.pk)
    check_version(saved, seen)
    before = values_of(saved, SHOWN)
    for name, value in values.items():
        setattr(saved, name, value)
    saved.version += 1
    saved.save()
    record("changed", saved, by=by, before=before, after=values_of(saved, SHOWN))
    return saved
