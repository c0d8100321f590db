"""Reads about people."""

from django.db.models import QuerySet

from csworkspace.people.models import Membership, Role, User
from csworkspace.tenancy.database import introduce_user


def memberships_of(user: User) -> list[Membership]:
    """A person's own active memberships with their workspaces, by workspace name."""
    introduce_user(user.pk)
    return list(
        Membership.objects.select_related("workspace")
        .filter(user=user, is_active=True)
        .order_by("workspace__name")
    )


def team() -> QuerySet[Membership]:
    """The active staff of the open workspace (no customers), by name."""
    return (
        Membership.objects.select_related("user")
        .filter(is_active=True)
        .exclude(role=Role.VIEWER)
        .order_by("user__name", "user__email")
    )
