"""Customers of the workspace, and who of them may look in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.tiers.models import Tier
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class Stage(models.TextChoices):
    """Where an account is in its life."""

    TRIAL = "trial", "Trial"
    FREEMIUM = "freemium", "Freemium"
    ONBOARDING = "onboarding", "Onboarding"
    ADOPTING = "adopting", "Adopting"
    ESTABLISHED = "established", "Established"
    RENEWING = "renewing", "Renewing"
    CHURNED = "churned", "Churned"


class Account(TenantModel):
    """A customer of the workspace; never a login.

    `external_id` is the customer's id in the company's own systems: imports match
    on it first, then on a domain. `reason_bought` is in the customer's words.
    parent: the account that this one belongs to as part of a group; never a circle.
    tier_pinned: the tier was chosen on purpose (a strategic account), suggestions leave it alone.
    """

    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")
    tier = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.ONBOARDING)
    owner = TenantForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    arr = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    customer_since = models.DateField(null=True, blank=True)
    renewal_on = models.DateField(null=True, blank=True)
    reason_bought = models.TextField(blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    parent = TenantForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    # Defaults of the database too: loads by COPY and raw inserts name the columns they bring.
    tags = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    tier_pinned = models.BooleanField(default=False, db_default=False)
    tier_pin_reason = models.CharField(max_length=300, blank=True, db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "external_id"], name="account_external_id"),
        ]
        indexes = [models.Index(fields=["workspace", "name", "id"], name="account_name")]

    def __str__(self) -> str:
        return self.name


class AccountDomain(TenantModel):
    """An e-mail domain of an account, lower case; belongs to one account only."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, db_collation="C")
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "domain"], name="account_domain"),
        ]
        indexes = [models.Index(fields=["workspace", "account"], name="account_domain_account")]

    def __str__(self) -> str:
        return self.domain


class PortalViewer(TenantModel):
    """Binds a customer's membership to an account they may look at."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="portal_bindings")
    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="viewers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "membership", "account"], name="viewer_once"),
        ]


class ShareLink(TenantModel):
    """An expiring, revocable link to one account's portal; the token is stored hashed."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64)
    created_by = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "token_hash"], name="share_link_token"),
        ]

    def __str__(self) -> str:
        return self.label
