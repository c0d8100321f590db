"""What a page shows a single time, kept in the session over the redirect that answers a POST."""

from typing import Any


def keep_once(request: Any, name: str, value: Any) -> None:
    """Keep a plain JSON value for the next page of the open workspace that takes it."""
    request.session[_key(request, name)] = value


def take_once(request: Any, name: str) -> Any:
    """What was kept under the name, forgotten from now on; None if there is nothing.

    Only a GET takes it: whatever else asks for the page does not show it.
    """
    return request.session.pop(_key(request, name), None) if request.method == "GET" else None


def _key(request: Any, name: str) -> str:
    # One session serves all workspaces of a person.
    return f"once {request.workspace.pk} {name}"
