"""Where a notification leads from a mail."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from csworkspace.web.urls import kept_path


def address_of(slug: str, page: str, args: Iterable[Any] = ()) -> str:
    """The address of a page with the site's name before it; "" if there is no such page (any more)."""
    path = kept_path(slug, page, args)
    return f"{settings.SITE_URL}{path}" if path else ""
