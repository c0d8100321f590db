"""Which account is in which tier since when and why, and what differs for one account."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from accounts.tiers.models import Promise, Tier
from csworkspace.tenancy.models import TenantForeignKey, TenantModel

# Ends the name of whoever accepted a suggestion for a later day.
SUGGESTED = ", by suggestion"


class TierPlacement(TenantModel):
    """An account came into a tier (or out of any) on a day; a later row ends it.

    A row whose day is still to come is a planned move. On a day the newest row that
    began by then holds; of two on the same day the one written last.
    is_planned: the move waits for its day; the daily step makes it and takes the mark off.
    actor: who wrote it; of an accepted suggestion with SUGGESTED at its end.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="placements", db_index=False)
    tier = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="placements")
    since = models.DateField()
    is_planned = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "account", "since", "id"], name="placement_latest"),
            models.Index(
                fields=["workspace", "since"], name="placement_planned", condition=Q(is_planned=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier or 'No tier'} since {self.since}"

    @property
    def is_suggested(self) -> bool:
        """Whether a manager accepted it as a suggestion for its day."""
        return self.actor.endswith(SUGGESTED)


class ServiceOverride(Promise):
    """Other terms of one service for one account, from a day on; `is_owed` False: not owed at all."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="service_overrides")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_owed = models.BooleanField(default=True)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "service", "starts_on"], name="service_override_start"
            ),
            models.CheckConstraint(condition=Q(times__gte=1), name="service_override_times"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="service_override_hours"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="service_override_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} for {self.account}"
