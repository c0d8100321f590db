"""Inviting people, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.invitations.hooks import account_binding
from csworkspace.invitations.tokens import hash_token, link_of, new_token
from csworkspace.jobs.actions import start_job
from csworkspace.people.models import Invitation, Membership, Role, User
from csworkspace.people.persons import add_member, ensure_person


class InvitationRefused(ValueError):
    """The invitation cannot be made or used; the text says why."""


@dataclass(frozen=True)
class Invited:
    """A fresh invitation, and the link that is shown to the inviter once."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite(email: str, role: str, *, by: Actor, account_ids: Sequence[int] = ()) -> Invited:
    """Invite an address; the mail goes out after the commit. Raises InvitationRefused.

    An open invitation of the same address is withdrawn by the new one. `by` must be a member.
    """
    email = email.strip().lower()
    if by.membership_id is None:
        raise InvitationRefused("Only a member of the workspace can invite people.")
    if Membership.objects.filter(user__email=email, is_active=True).exists():
        raise InvitationRefused(f"{email} is a member of this workspace already.")
    if (role == Role.VIEWER) != bool(account_ids):
        raise InvitationRefused("Customers are bound to at least one account, staff to none.")
    for earlier in Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None):
        withdraw_invitation(earlier, by=by)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        account_ids=list(account_ids),
        invited_by_id=by.membership_id,
        expires_at=_expiry(),
    )
    record("invited", invitation, by=by, after={"role": role, "account_ids": list(account_ids)})
    return _send(invitation, by)


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Actor) -> Invited:
    """Send it again with fresh secrets and a fresh term; older links stop working."""
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationRefused("This invitation is closed. Invite the person anew.")
    invitation.expires_at = _expiry()
    invitation.token_hash = None
    record("resent", invitation, by=by)
    return _send(invitation, by)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Actor) -> Invitation:
    """Close an open invitation; its links stop working at once."""
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    if not taken:
        raise InvitationRefused("This invitation is closed already.")
    record("withdrew", invitation, by=by)
    return invitation


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    origin: str,
    mailed: bool,
    user: User | None = None,
    name: str = "",
    password: str = "",
) -> Membership:
    """Join: as `user`, whose verified address it must be, or as a new person. Raises InvitationRefused.

    `mailed`: the secret came from the mail, which proves the address.
    """
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not held.is_open:
        raise InvitationRefused("This invitation has been used, withdrawn, or is too old.")
    if user is None:
        user = _new_person(held.email, name, password, mailed=mailed)
    elif not owns_address(user, held.email):
        raise InvitationRefused(f"This invitation is for {held.email}.")
    if is_member(user):
        # By another of their addresses: joining again would change the role unseen.
        raise InvitationRefused(f"{user} is a member of this workspace already.")
    held.accepted_at = timezone.now()
    held.save(update_fields=["accepted_at"])
    by = Actor(label=str(user), origin=origin, user_id=user.pk)
    member = add_member(user, held.role, by=by)
    binding = account_binding()
    if held.account_ids and binding:
        binding.bind(member, held.account_ids, by)
    record("accepted", held, by=by)
    return member


def owns_address(user: User, email: str) -> bool:
    """Whether the person has shown that the address is theirs."""
    return EmailAddress.objects.filter(user=user, email=email.lower(), verified=True).exists()


def is_member(user: User) -> bool:
    """Whether the person is an active member of the open workspace."""
    return Membership.objects.filter(user=user, is_active=True).exists()


def is_known(email: str) -> bool:
    """Whether somebody signs in with this address, so that they must do it to accept."""
    return EmailAddress.objects.filter(email=email.lower(), verified=True).exists()


def _new_person(email: str, name: str, password: str, *, mailed: bool) -> User:
    if is_known(email):
        raise InvitationRefused(f"{email} signs in here already. Sign in to accept.")
    user, created = ensure_person(email, verified=mailed)
    if not (created or mailed):
        # Somebody has chosen a password for this address without showing that it is theirs.
        raise InvitationRefused(f"Please open the link in the e-mail to {email}: it shows that it is you.")
    user.name = name
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    return user


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _send(invitation: Invitation, by: Actor) -> Invited:
    """A new link for the inviter; the mailed secret is drawn by the job, so that no row ever holds it."""
    link = new_token(invitation.workspace_id)
    invitation.link_hash = hash_token(link)
    invitation.save(update_fields=["link_hash", "token_hash", "expires_at"])
    start_job("invitations.send", f"Invite {invitation.email}", by=by, invitation_id=invitation.pk)
    return Invited(invitation, link_of(link))
