"""People who sign in, and what they may do in a workspace."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; without a password they must set one by the reset link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Refused: nobody stands above the workspaces."""
        raise NotImplementedError("there are no superusers; use create_workspace")


class User(AbstractBaseUser):
    """A person who signs in; not a tenant table: one person may be in several workspaces."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        app_label = "csworkspace"

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """The first name, or the part before the @."""
        return (self.name or self.email.partition("@")[0]).split(" ")[0]


class Role(models.TextChoices):
    """What a member may do; see `csworkspace.people.access`."""

    ADMIN = "admin", "Admin"
    MANAGER = "manager", "CS manager"
    CSM = "csm", "CSM"
    EXECUTIVE = "executive", "Executive"
    VIEWER = "viewer", "Customer"


class Membership(TenantModel):
    """A person's role in a workspace."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Invitation(TenantModel):
    """An invitation by e-mail; its secrets are stored hashed.

    The mailed token proves that the address is the person's own; the link that
    the inviter copies does not, so that the address must be confirmed after it.
    """

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    account_ids = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, null=True)
    link_hash = models.CharField(max_length=64, null=True)
    invited_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "token_hash"], name="invitation_token"),
            models.UniqueConstraint(fields=["workspace", "link_hash"], name="invitation_link"),
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return not (self.accepted_at or self.withdrawn_at) and self.expires_at > timezone.now()


class ApiKey(TenantModel):
    """A key for API clients; only its hash is stored.

    The key text carries the workspace's id, so that it is looked up inside that
    workspace and never across.
    """

    name = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64)
    hint = models.CharField(max_length=12)
    created_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key_hash"], name="api_key_hash"),
        ]

    def __str__(self) -> str:
        return self.name
