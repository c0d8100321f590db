"""Whose day a person may look at."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.accounts.models import Account
from csworkspace.people.models import Membership, Role

TEAM = "all"


@dataclass(frozen=True)
class Chosen:
    """Whose day it is: a member's, or (None) the whole team's; and the choices, if there is one.

    team: the names of all colleagues by id. options: (value, label) with the value that is chosen.
    """

    owner_id: int | None
    title: str
    team: dict[int, str]
    options: list[tuple[str, str]]

    @property
    def value(self) -> str:
        """The choice as the address carries it."""
        return TEAM if self.owner_id is None else str(self.owner_id)


def choose(viewer: Membership, who: str) -> Chosen:
    """A CSM's own day; others choose, and start with their own accounts, or with the team's. One query."""
    if viewer.role == Role.CSM:
        return Chosen(viewer.pk, "My day", {}, [])
    owns = Exists(Account.objects.filter(owner_id=OuterRef("pk")))
    rows = (
        Membership.objects.filter(is_active=True)
        .exclude(role=Role.VIEWER)
        .annotate(owns=owns)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    members = {member.pk: member for member in rows}
    owners = {pk: str(member) for pk, member in members.items() if member.owns}
    owner_id = _read(who, owners, viewer.pk)
    return Chosen(owner_id, _title(owner_id, viewer.pk, owners), owners, _options(viewer.pk, owners))


def _title(owner_id: int | None, viewer_id: int, owners: dict[int, str]) -> str:
    if owner_id is None:
        return "The team’s day"
    return "My day" if owner_id == viewer_id else f"The day of {owners[owner_id]}"


def _read(who: str, owners: dict[int, str], viewer_id: int) -> int | None:
    if who == TEAM:
        return None
    asked = int(who) if who.isascii() and who.isdecimal() and len(who) < 19 else viewer_id
    return next((pk for pk in (asked, viewer_id) if pk in owners), None)


def _options(viewer_id: int, owners: dict[int, str]) -> list[tuple[str, str]]:
    mine = [(str(viewer_id), "Mine")] if viewer_id in owners else []
    others = [(str(pk), name) for pk, name in owners.items() if pk != viewer_id]
    return [*mine, (TEAM, "The whole team’s"), *others]
