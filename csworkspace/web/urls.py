"""URLs inside the open workspace."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def workspace_url(request: Any, name: str, *args: Any) -> str:
    """The address of a route of the request's workspace."""
    return _address(name, (request.workspace.slug, *args), get_script_prefix())


def kept_path(slug: str, name: str, args: Iterable[Any] = ()) -> str:
    """The address of a page whose name was kept with a row; "" if there is no such page (any more)."""
    if not name:
        return ""
    try:
        return _address(name, (slug, *args), get_script_prefix())
    except NoReverseMatch:
        return ""


def kept_url(request: Any, name: str, args: Iterable[Any] = (), query: str = "") -> str:
    """The same in the request's workspace, with what follows the question mark."""
    url = kept_path(request.workspace.slug, name, args)
    return f"{url}?{query.removeprefix('?')}" if url and query else url


def way_back(request: Any, usual: str) -> str:
    """Where a form's `next` leads, if that is an address of this site; else the usual page."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else usual


def id_in(text: str) -> int | None:
    """The id that a part of an address or a field means; None if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@lru_cache(maxsize=4096)
def _address(name: str, args: tuple[Any, ...], prefix: str) -> str:
    # Remembered, because navigation and tabs ask for the same dozen addresses on every page.
    return reverse(name, args=args)
