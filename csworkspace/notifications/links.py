"""Where a notification leads: inside the page, or from a mail."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def path_of(slug: str, page: str, args: Iterable[Any] = ()) -> str:
    """The address of a route of a workspace; "" if there is none (any more)."""
    if not page:
        return ""
    try:
        return reverse(page, args=[slug, *args])
    except NoReverseMatch:
        return ""


def address_of(slug: str, page: str, args: Iterable[Any] = ()) -> str:
    """The same with the site's name before it, for mails; "" if there is none."""
    path = path_of(slug, page, args)
    return f"{settings.SITE_URL}{path}" if path else ""
