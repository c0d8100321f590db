"""Reads about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from csworkspace.people.models import Membership, Role, User
from csworkspace.tenancy.database import introduce_user
from csworkspace.web.times import day


@dataclass(frozen=True)
class MemberRow:
    """A member as the members page lists them."""

    id: int
    name: str
    email: str
    role: str
    role_label: str
    since: str
    last_seen: str
    is_active: bool
    is_staff: bool
    is_self: bool


def memberships_of(user: User) -> list[Membership]:
    """A person's own active memberships with their workspaces, by workspace name."""
    introduce_user(user.pk)
    return list(
        Membership.objects.select_related("workspace")
        .filter(user=user, is_active=True)
        .order_by("workspace__name", "id")
    )


def team() -> QuerySet[Membership]:
    """The active staff of the open workspace (no customers), by name."""
    return (
        Membership.objects.select_related("user")
        .filter(is_active=True, user__is_active=True)
        .exclude(role=Role.VIEWER)
        .order_by("user__name", "user__email")
    )


def member_rows(wanted: Mapping[str, Any], me: int) -> list[MemberRow]:
    """The members that the filter wants, staff first, by name; `me` is the reader's membership."""
    members = Membership.objects.select_related("user").filter(**wanted)
    ordered = sorted(members, key=lambda m: (m.role == Role.VIEWER, str(m.user).casefold(), m.pk))
    return [_row(member, me) for member in ordered]


def _row(member: Membership, me: int) -> MemberRow:
    user = member.user
    return MemberRow(
        id=member.pk,
        name=str(user),
        email=user.email,
        role=member.role,
        role_label=member.get_role_display(),
        since=day(member.created_at.date()),
        last_seen=day(user.last_login.date()) if user.last_login else "never",
        is_active=member.is_active,
        is_staff=member.role != Role.VIEWER,
        is_self=member.pk == me,
    )
