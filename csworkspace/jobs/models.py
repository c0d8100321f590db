"""The ledger of long work. The row is the truth; the broker is a doorbell."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from csworkspace.tenancy.models import TenantModel


class JobStatus(models.TextChoices):
    """Where a job stands; `dead` waits for a person after too many attempts."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Done"
    DEAD = "dead", "Failed"


UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)


class Job(TenantModel):
    """One piece of long work: what, for whom, how far, and how it ended.

    `token` fences: it grows with every claim, and a run may only write while it
    holds the newest one. `key` keeps a second unfinished job for the same thing
    from being made.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    key = models.CharField(max_length=160, blank=True)
    args = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    token = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    run_after = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    actor = models.CharField(max_length=160)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "key"],
                condition=Q(status__in=["queued", "running"]) & ~Q(key=""),
                name="job_once_unfinished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "run_after"],
                condition=Q(status__in=["queued", "running"]),
                name="job_unfinished",
            ),
            models.Index(fields=["workspace", "-id"], name="job_latest"),
            models.Index(fields=["workspace", "kind", "-id"], name="job_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status not in UNFINISHED
