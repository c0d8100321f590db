"""Changing one value of one account in its row, with the way back."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import transaction
from django.utils.safestring import SafeString

from accounts.accounts.models import Account
from accounts.book.columns import parts_for
from accounts.book.fastrows import print_rows
from accounts.book.filters import read_filter
from accounts.book.page import printed_rows
from accounts.book.queries import read_row, read_surroundings
from accounts.changes.actions import apply_changes
from accounts.changes.fields import FIELDS, Change, words_of
from accounts.changes.models import ChangeSet
from accounts.changes.queries import what_follows
from csworkspace.audit.actor import Actor
from csworkspace.web.urls import workspace_url


class Overtaken(ValueError):
    """Somebody else changed the value after the person had seen it."""


@transaction.atomic
def change_value(account: Account, field: str, seen: Any, after: Any, *, by: Actor) -> ChangeSet:
    """Set one value, if it is still the one that was seen. Raises Overtaken, ChangeRefused."""
    words = words_of([field])[field]
    title = f"{FIELDS[field].label.capitalize()} of {account.name[:100]}: {words(seen)} → {words(after)}"
    done = apply_changes("inline", title, [Change(account.pk, field, seen, after)], by=by)
    if not done.made:
        raise Overtaken(f"The {FIELDS[field].label} of {account.name} was changed meanwhile.")
    return done


def back_of(request: Any) -> str:
    """The book's address that the person came from, or the plain book."""
    came_from = request.POST.get("back") or request.headers.get("HX-Current-URL")
    parts = urlsplit((came_from or request.headers.get("Referer", ""))[:4000])
    book = workspace_url(request, "book")
    return book_with(book, parse_qsl(parts.query)) if parts.path == book else book


def book_with(book: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The book's address with these parameters, but without what was just changed."""
    kept = [(name, value) for name, value in pairs if name != "changed"]
    return f"{book}?{urlencode(kept)}" if kept else book


def row_html(request: Any, account: Account, back: str) -> SafeString:
    """The account's row as the page at `back` shows it."""
    view = read_filter(dict(parse_qsl(urlsplit(back).query)), mine=None)
    row = read_row(account.pk)
    rows = printed_rows(request, [row] if row else [], read_surroundings())
    return print_rows(parts_for(view.cols, True), rows)


def toast(request: Any, change_set: ChangeSet, back: str) -> dict[str, str]:
    """The notice that a change was made, with its undo."""
    return {
        "text": change_set.title,
        "note": what_follows(change_set),
        "undo_url": workspace_url(request, "change_undo", change_set.pk),
        "next": back,
    }


def changed_toast(request: Any) -> dict[str, str] | None:
    """The same for a page that was loaded anew: the address names the change set."""
    wanted = request.GET.get("changed", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        return None
    found = ChangeSet.objects.filter(pk=int(wanted), undone_at=None, actor_id=request.user.pk).first()
    back = book_with(workspace_url(request, "book"), request.GET.items())
    return toast(request, found, back) if found else None
