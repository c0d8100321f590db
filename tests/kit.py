"""Makers of the few things nearly every test needs."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client

from accounts.accounts.models import Account
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership, Role, User
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.database import enter_workspace, read_local, set_local
from csworkspace.tenancy.models import Workspace

PASSWORD = "correct horse battery"
HASHED = make_password(PASSWORD, hasher=MD5PasswordHasher())
BY = Actor(label="Test", origin="test")


@dataclass(frozen=True)
class World:
    """A workspace with a member of every role, and one account."""

    workspace: Workspace
    members: dict[str, Membership]
    account: Account

    def open(self) -> None:
        """Open this workspace for the rest of the test's transaction."""
        enter_workspace(self.workspace.pk)

    def url(self, path: str) -> str:
        """`/w/<slug>/<path>`."""
        return f"/w/{self.workspace.slug}/{path}"


def make_person(email: str, name: str = "") -> User:
    """A person with a verified e-mail address and PASSWORD."""
    user = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_world(slug: str, name: str = "Northwind") -> World:
    """A workspace, left open, with one member of each role and one account.

    In a handful of statements: nearly every test makes two.
    """
    workspace = create_workspace(name, slug)
    people = [
        User(email=f"{role}@{slug}.example", name=f"{role.title()} of {name}", password=HASHED)
        for role in Role.values
    ]
    User.objects.bulk_create(people)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people]
    )
    members = [Membership(user=user, role=role) for user, role in zip(people, Role.values, strict=True)]
    Membership.objects.bulk_create(members)
    by_role = {str(member.role): member for member in members}
    account = Account.objects.create(name="Acme Industries", owner=by_role[Role.CSM])
    return World(workspace, by_role, account)


class WalledClient(Client):
    """A test client whose requests start with no workspace open, as real ones do.

    In a test the outer transaction keeps `SET LOCAL` values alive between requests.
    """

    def request(self, **request: Any) -> Any:
        """Send one request with a clean slate, then restore what the test had open."""
        names = ("workspace", "user", "accounts")
        before = {name: read_local(name) for name in names}
        set_local(**dict.fromkeys(names, ""))
        try:
            return super().request(**request)
        finally:
            set_local(**before)


def client_of(member: Membership) -> WalledClient:
    """A client signed in as this member."""
    client = WalledClient()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
