"""Who leads a play: its owner, else the account's; and whom to tell when nobody does."""

from typing import Any

from csworkspace.people.models import Membership, Role
from csworkspace.people.queries import team
from playbooks.plays.models import Play


def works_here(member: Membership | None) -> bool:
    """Whether somebody is an active member of the staff."""
    return member is not None and member.is_active and member.role != Role.VIEWER


def leader_of(play: Play) -> Membership | None:
    """The play's owner if they still work here, else the account's; None if nobody does."""
    found = [play.owner, play.account.owner]
    return next((member for member in found if works_here(member)), None)


def manager_ids() -> list[int]:
    """The managers; without one the admins. One or two queries."""
    for role in (Role.MANAGER, Role.ADMIN):
        found = list(team().filter(role=role).values_list("pk", flat=True))
        if found:
            return found
    return []


def whom_to_tell(play: Play) -> list[int]:
    """The one who leads it, else the managers."""
    leader = leader_of(play)
    return [leader.pk] if leader else manager_ids()


def gap_of(play: Play) -> str:
    """A sentence for people if the one who should lead it does not work here any more; "" if all is well."""
    gone: Any = next((one for one in (play.owner, play.account.owner) if one and not works_here(one)), None)
    leader = leader_of(play)
    if leader is None:
        who = f"{gone} does not work here any more. " if gone else ""
        return f"{who}Nobody leads this play: its tasks go to the managers. Hand it to a colleague."
    if play.owner and not works_here(play.owner):
        return f"{play.owner} does not work here any more: {leader}, who owns the account, leads it now."
    return ""
