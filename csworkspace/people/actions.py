"""Changes to a workspace's settings, its members and a person's own name."""

from typing import Any

from django.db import transaction

from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.people.models import Membership, Role, User
from csworkspace.tenancy.models import Workspace

WORKSPACE_FIELDS = ("name", "timezone", "currency")


class LastAdmin(ValueError):
    """The workspace would be left without an active admin."""


@transaction.atomic
def edit_workspace(workspace: Workspace, *, by: Actor, **values: Any) -> Workspace:
    """Change name, timezone (IANA) or currency (ISO 4217).

    Another zone moves where days begin; another currency is what amounts are compared in.
    """
    before = values_of(workspace, WORKSPACE_FIELDS)
    for name in WORKSPACE_FIELDS:
        setattr(workspace, name, values.get(name, before[name]))
    workspace.save(update_fields=WORKSPACE_FIELDS)
    record("edited", workspace, by=by, before=before, after=values_of(workspace, WORKSPACE_FIELDS))
    if workspace.timezone != before["timezone"]:
        announce("workspace.zone_changed", by=by)
    if workspace.currency != before["currency"]:
        announce("workspace.currency_changed", by=by)
    return workspace


@transaction.atomic
def change_role(member: Membership, role: str, *, by: Actor) -> Membership:
    """Give a staff member another staff role. Raises LastAdmin, or ValueError for a customer's role.

    Customers are bound to accounts and staff are not: neither becomes the other by a change of role.
    """
    if Role.VIEWER in (role, member.role):
        raise ValueError("A customer's role cannot be changed; deactivate them and invite them anew.")
    if role != Role.ADMIN:
        keep_an_admin(member)
    return _change(member, "changed role", by=by, role=role)


@transaction.atomic
def deactivate_member(member: Membership, *, by: Actor) -> Membership:
    """Take the member's access away, at once and in every session. Raises LastAdmin."""
    keep_an_admin(member)
    _change(member, "deactivated", by=by, is_active=False)
    announce("members.deactivated", by=by, membership_id=member.pk)
    return member


@transaction.atomic
def reactivate_member(member: Membership, *, by: Actor) -> Membership:
    """Give a deactivated member the access back that the role had."""
    return _change(member, "reactivated", by=by, is_active=True)


def keep_an_admin(leaving: Membership) -> None:
    """Refuse if this is the last active admin; two admins who leave at once are put in line."""
    admins = Membership.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("id")
    if {admin.pk for admin in admins} == {leaving.pk}:
        raise LastAdmin("The workspace needs at least one active admin. Make somebody else an admin first.")


def _change(member: Membership, verb: str, *, by: Actor, **values: Any) -> Membership:
    before = values_of(member, values)
    for name, value in values.items():
        setattr(member, name, value)
    member.save(update_fields=list(values))
    record(verb, member, by=by, before=before, after=values)
    return member


@transaction.atomic
def rename_person(user: User, name: str) -> User:
    """Change the person's own name, everywhere they are a member."""
    user.name = name
    user.save(update_fields=["name"])
    return user
