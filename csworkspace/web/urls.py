"""URLs inside the open workspace."""

from typing import Any

from django.urls import reverse


def workspace_url(request: Any, name: str, *args: Any) -> str:
    """The address of a route of the request's workspace."""
    return reverse(name, args=[request.workspace.slug, *args])
