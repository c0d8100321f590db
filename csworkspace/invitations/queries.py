"""Reads about invitations."""

from dataclasses import dataclass

from django.conf import settings

from csworkspace.invitations.hooks import account_binding
from csworkspace.invitations.tokens import hash_token, workspace_of
from csworkspace.people.models import Invitation, Role
from csworkspace.tenancy.database import enter_workspace, set_local
from csworkspace.web.times import day


@dataclass(frozen=True)
class InvitationRow:
    """An open invitation as the settings list it."""

    id: int
    email: str
    role: str
    accounts: str
    by: str
    until: str
    expired: bool


@dataclass(frozen=True)
class Found:
    """An invitation found by its secret, and whether the secret came by mail."""

    invitation: Invitation
    mailed: bool


def open_invitations() -> list[InvitationRow]:
    """Neither accepted nor withdrawn, newest first; expired ones too, so that they can be sent again."""
    found = list(
        Invitation.objects.select_related("invited_by__user")
        .filter(accepted_at=None, withdrawn_at=None)
        .order_by("-id")[:200]
    )
    ids = sorted({pk for invitation in found for pk in invitation.account_ids})
    binding = account_binding()
    names = binding.label(ids) if binding and ids else {}
    return [_row(invitation, names) for invitation in found]


def _row(invitation: Invitation, names: dict[int, str]) -> InvitationRow:
    return InvitationRow(
        id=invitation.pk,
        email=invitation.email,
        role=str(Role(invitation.role).label),
        accounts=", ".join(names.get(pk, "") for pk in invitation.account_ids),
        by=str(invitation.invited_by),
        until=day(invitation.expires_at.date()),
        expired=not invitation.is_open,
    )


def find_by_token(token: str) -> Found | None:
    """The open invitation of a secret, its workspace left open; None closes the workspace again.

    Called without a membership: the secret is what lets the visitor in, as far as this one row.
    """
    workspace_id = workspace_of(token)
    if workspace_id is None:
        return None
    enter_workspace(workspace_id)
    digest = hash_token(token)
    # Without a mail server the copied link is the only one there is, and proves the address too.
    for field, mailed in (("token_hash", True), ("link_hash", not settings.MAIL_CONFIGURED)):
        invitation = (
            Invitation.objects.select_related("workspace", "invited_by__user")
            .filter(**{field: digest})
            .first()
        )
        if invitation and invitation.is_open:
            return Found(invitation, mailed)
    set_local(workspace="")
    return None
