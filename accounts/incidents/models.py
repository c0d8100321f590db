"""When the service was degraded, so that it can be told who was exposed."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from csworkspace.tenancy.models import TenantModel

# So long use counts as having met an incident.
LONGEST = timedelta(days=92)


class IncidentImpact(models.TextChoices):
    """How much of the service was affected."""

    MINOR = "minor", "Minor"
    MAJOR = "major", "Major"
    OUTAGE = "outage", "Outage"


class Incident(TenantModel):
    """The service was degraded from `started_at` to `ended_at` (None: it still is).

    features: exact names, or prefixes ending in ".*", of what was affected; empty means everything.
    An account is exposed if its people used the affected features between the two moments.
    """

    title = models.CharField(max_length=200)
    impact = models.CharField(max_length=8, choices=IncidentImpact.choices)
    features = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")
    version = models.PositiveIntegerField(default=1)
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "external_id"], name="incident_external_id"),
        ]
        indexes = [models.Index(fields=["workspace", "-started_at"], name="incident_latest")]

    def __str__(self) -> str:
        return self.title

    @property
    def counts_until(self) -> datetime:
        """Until when use counts as having met it: one that nobody ends does not go on for ever."""
        return min(self.ended_at or timezone.now(), self.started_at + LONGEST)
