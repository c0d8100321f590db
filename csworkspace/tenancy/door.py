"""The one audited door across workspaces.

The app's role cannot list workspaces. The database function `open_door` can,
and counts the crossing under its reason in `DoorCrossing` in the same call.
Callers are listed in tests/csworkspace/tenancy/test_door.py.
"""

from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True)
class WorkspaceRef:
    """What may be known of a workspace from outside of it."""

    id: int
    slug: str


def across_workspaces(reason: str) -> list[WorkspaceRef]:
    """Every workspace, oldest first; open each with `open_workspace(ref.id)`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select id, slug from open_door(%s)", [reason])
        return [WorkspaceRef(*row) for row in cursor.fetchall()]


def find_workspace(slug: str, reason: str) -> WorkspaceRef | None:
    """The workspace with this slug, for people at the shell; None if there is none."""
    return next((ref for ref in across_workspaces(reason) if ref.slug == slug), None)
