"""Making people and members of the open workspace."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership, User


@transaction.atomic
def ensure_person(email: str, *, verified: bool) -> tuple[User, bool]:
    """The person with this address, without a password if they are new; whether they are.

    `verified`: the address is known to be theirs, because an invitation's token came
    back from it, or because somebody at the shell vouches for it.
    """
    email = email.strip().lower()
    known = EmailAddress.objects.select_related("user").filter(email=email, verified=True).first()
    if known:
        return known.user, False
    user = User.objects.filter(email=email).first()
    created = user is None
    if user is None:
        user = User.objects.create_user(email)
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"verified": verified, "primary": user.email == email}
    )
    if verified and not address.verified:
        address.verified = True
        address.save(update_fields=["verified"])
    return user, created


@transaction.atomic
def add_member(user: User, role: str, *, by: Actor) -> Membership:
    """Make a person a member of the open workspace, or bring a deactivated member back with this role."""
    member, created = Membership.objects.get_or_create(user=user, defaults={"role": role})
    before = {} if created else {"role": member.role, "is_active": member.is_active}
    member.role, member.is_active = role, True
    member.save(update_fields=["role", "is_active"])
    after = {"email": user.email, "role": role, "is_active": True}
    record("joined", member, by=by, before=before, after=after)
    return member


def password_link(user: User) -> str:
    """An address at which the person sets a password, once; it expires as reset links do."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return f"{settings.SITE_URL}{path}"


def sign_in_link() -> str:
    """The sign-in page's whole address."""
    return f"{settings.SITE_URL}{reverse('account_login')}"
