"""Changes to many accounts that belong together, so that they can be undone together."""

from django.db import models

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel

# The verb of the audit entry of each part, and reasons why an account was passed over in it.
MADE = "made"
ALREADY_SO, CHANGED_SINCE = "already so", "changed by somebody else meanwhile"


class ChangeSet(TenantModel):
    """What one person changed in one go: a bulk action, accepted suggestions, an inline edit.

    kind: which feature made it. asked: how many changes were asked for; those that were
    not made, because somebody else had changed the account meanwhile, have no row.
    """

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)
    asked = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    actor = models.CharField(max_length=160)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=160, blank=True)
    undone = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-id"], name="change_set_latest")]

    def __str__(self) -> str:
        return self.title


class ChangedValue(TenantModel):
    """One field of one account: its value before and after, as JSON (ids of tiers and members)."""

    change_set = TenantForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="values")
    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=20)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "change_set", "account", "field"], name="changed_value_once"
            ),
        ]
