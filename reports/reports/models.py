"""Value-progress reports and QBRs: a frozen snapshot, and what was issued from it."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.files.models import StoredFile
from csworkspace.jobs.models import Job
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class ReportKind(models.TextChoices):
    """What the document is."""

    PROGRESS = "progress", "Value-progress report"
    QBR = "qbr", "Quarterly business review"


class Report(TenantModel):
    """A report on one account and period.

    snapshot: every number and word of the document, frozen when it was generated;
    web page and PDF are rendered from it and from `commentary` alone. Customers
    see a report from `issued_at` on, and it never changes after that.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    period = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    snapshot = models.JSONField(null=True)
    commentary = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True)
    pdf = TenantForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    job = TenantForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    generated_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "kind", "period"],
                condition=Q(issued_at=None),
                name="report_one_draft",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "account", "-id"], name="report_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"
