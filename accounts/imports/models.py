"""Where data came from: one batch per file or API call, with its rejects."""

from django.db import models

from csworkspace.files.models import StoredFile
from csworkspace.jobs.models import Job
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class BatchKind(models.TextChoices):
    """What a batch carries."""

    ACCOUNTS = "accounts", "Accounts"
    CONTACTS = "contacts", "Contacts"
    ARR = "arr", "ARR history"
    EVENTS = "events", "Usage events"


class Batch(TenantModel):
    """One delivery of data: its source, its mapping and what became of its rows.

    `mapping` says which source field feeds which of ours. A dry run changes
    nothing and can be followed by the real one on the same file.
    """

    kind = models.CharField(max_length=10, choices=BatchKind.choices)
    source = models.CharField(max_length=200)
    actor = models.CharField(max_length=160)
    mapping = models.JSONField(default=dict)
    is_dry_run = models.BooleanField(default=False)
    file = TenantForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    job = TenantForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    read = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    created = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    unresolved = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "kind", "-id"], name="batch_latest")]

    def __str__(self) -> str:
        return self.source


class Reject(TenantModel):
    """A row that was not accepted: its number, the field, the reason, and the row itself."""

    batch = TenantForeignKey(Batch, on_delete=models.CASCADE, related_name="rejects")
    row = models.PositiveBigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300)
    raw = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "batch", "row"], name="reject_row")]
