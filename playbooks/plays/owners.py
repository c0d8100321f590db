"""Who leads a play: its owner, else the account's; and whom to tell when nobody does."""

from typing import Any

from django.db.models import Q

from csworkspace.people.models import Membership, Role
from csworkspace.people.queries import team
from playbooks.playbooks.once import once
from playbooks.plays.models import Play

# Who stands in where nobody leads: the first of these roles that somebody has.
LEADERS = (Role.MANAGER, Role.ADMIN)


def works_here(member: Membership | None) -> bool:
    """Whether somebody is an active member of the staff."""
    return member is not None and member.is_active and member.user.is_active and member.role != Role.VIEWER


def present(*members: Membership | None) -> Membership | None:
    """The first of these who works here."""
    return next((member for member in members if works_here(member)), None)


def colleagues() -> dict[int, Membership]:
    """The team by id, by name; read once for all steps of a page."""
    return once("team", lambda: {member.pk: member for member in team()})


def led_by(owner_id: int) -> Q:
    """The plays that a member leads by the rule of `leader_of`."""
    gone = Q(owner__is_active=False) | Q(owner__user__is_active=False) | Q(owner__role=Role.VIEWER)
    return Q(owner_id=owner_id) | (Q(owner=None) | gone) & Q(account__owner_id=owner_id)


def leader_of(play: Play) -> Membership | None:
    """The play's owner if they still work here, else the account's; None if nobody does."""
    return present(play.owner, play.account.owner)


def manager_ids() -> list[int]:
    """The managers; without one the admins. One or two queries."""
    for role in LEADERS:
        found = list(team().filter(role=role).values_list("pk", flat=True))
        if found:
            return found
    return []


def first_here(*members: Membership | None) -> list[int]:
    """Whom to tell: the first of these who works here, else the managers."""
    found = present(*members)
    return [found.pk] if found else manager_ids()


def whom_to_tell(play: Play) -> list[int]:
    """The one who leads it, else the managers."""
    return first_here(play.owner, play.account.owner)


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
