"""Visitors without a membership: holders of a share link, scoped to one account."""

from collections.abc import Callable
from typing import Any

# Opens the workspace, confines the transaction and sets request.workspace,
# request.actor and request.portal_accounts; True if the visitor may pass.
GuestFinder = Callable[[Any, str], bool]
_finders: list[GuestFinder] = []


def register_guests(finder: GuestFinder) -> None:
    """Tell the ground how to recognise a share-link visitor (called by an upper floor)."""
    if finder not in _finders:
        _finders.append(finder)


def find_guest(request: Any, slug: str) -> bool:
    """Whether the request carries a valid guest pass for this workspace."""
    return any(finder(request, slug) for finder in _finders)
