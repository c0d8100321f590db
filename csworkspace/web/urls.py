"""URLs inside the open workspace."""

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse


def workspace_url(request: Any, name: str, *args: Any) -> str:
    """The address of a route of the request's workspace."""
    return _address(name, (request.workspace.slug, *args), get_script_prefix())


@lru_cache(maxsize=4096)
def _address(name: str, args: tuple[Any, ...], prefix: str) -> str:
    # Remembered, because navigation and tabs ask for the same dozen addresses on every page.
    return reverse(name, args=args)
