"""Where the workspace tells other systems, and what was told."""

from django.db import models

from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class WebhookEndpoint(TenantModel):
    """An address of another system, set by an admin; what is sent there is signed with `secret`."""

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="webhook_name")]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    """Where a delivery stands; cancelled: what made it was taken back before anybody took it."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class WebhookDelivery(TenantModel):
    """One message to one endpoint; `key` lets the other side, and us, know a repetition."""

    endpoint = TenantForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=160, db_collation="C")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="delivery_once")]
        indexes = [models.Index(fields=["workspace", "endpoint", "-id"], name="delivery_latest")]
