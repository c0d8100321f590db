"""Opening a workspace for a member, with numbers that every page of theirs shows, in one statement.

A floor or concept names such a number by an SQL expression; pages then cost no query more for it.
"""

from csworkspace.people.models import Membership
from csworkspace.tenancy.database import enter_workspace_reading

_figures: dict[str, str] = {}


def add_member_figure(name: str, sql: str) -> None:
    """Let each member's pages know a number: a sub-select as `enter_workspace_reading` takes it.

    It may count rows of the member %(member)s.
    """
    _figures[name] = sql


def enter_as(membership: Membership) -> dict[str, int]:
    """Open the membership's workspace for the rest of the transaction; the numbers by name. One query."""
    return enter_workspace_reading(membership.workspace_id, _figures, member=membership.pk)
