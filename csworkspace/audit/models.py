"""The append-only record of every change."""

from django.db import models
from django.utils import timezone

from csworkspace.tenancy.models import TenantModel


class AuditEntry(TenantModel):
    """Who did what to which object, before and after, when and from where.

    The app's role may insert and read, not update or delete (see
    `csworkspace.tenancy.grants`).
    """

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=160)
    origin = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        app_label = "csworkspace"
        indexes = [
            models.Index(fields=["workspace", "object_type", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["workspace", "-id"], name="audit_latest"),
            models.Index(fields=["workspace", "actor_id", "-id"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.object_label}"
