"""Maturity frameworks: levels, behaviours and the evidence for them."""

from uuid import uuid4

from django.db import models
from django.db.models import Deferrable, Q

from accounts.accounts.models import Account
from accounts.metrics.models import Metric
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class FrameworkStatus(models.TextChoices):
    """A draft is edited, the active one assesses, retired ones stay for the record."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    RETIRED = "retired", "Retired"


class Framework(TenantModel):
    """A version of a maturity model; an assessment names the version it used."""

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=8, choices=FrameworkStatus.choices, default=FrameworkStatus.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name", "version"], name="framework_version"),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(status="active"), name="framework_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Level(TenantModel):
    """One of 3 to 7 levels; position 1 is the first."""

    framework = TenantForeignKey(Framework, on_delete=models.CASCADE, related_name="levels")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "framework", "position"],
                name="level_position",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Evidence(models.TextChoices):
    """What shows that a behaviour holds."""

    FEATURE = "feature", "Feature usage"
    METRIC = "metric", "Metric threshold"
    ANSWER = "answer", "A person's answer"


class Comparison(models.TextChoices):
    """How a metric is held against its threshold."""

    AT_LEAST = "gte", "at least"
    AT_MOST = "lte", "at most"


class Behaviour(TenantModel):
    """Something an account does at a level, and what is taken as evidence of it.

    feature: at least `threshold` events of `features` within `window_days`.
    metric: the metric's latest value against `threshold` by `comparison`.
    answer: a person answered `question` with yes.

    `lineage` stays the same when the next version of a framework copies the behaviour,
    so that answers and "since when" outlive a new version.
    """

    lineage = models.UUIDField(default=uuid4, editable=False)
    level = TenantForeignKey(Level, on_delete=models.CASCADE, related_name="behaviours")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    evidence = models.CharField(max_length=8, choices=Evidence.choices)
    features = models.JSONField(default=list, blank=True)
    window_days = models.PositiveSmallIntegerField(default=28)
    metric = TenantForeignKey(Metric, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comparison = models.CharField(max_length=3, choices=Comparison.choices, default=Comparison.AT_LEAST)
    threshold = models.DecimalField(max_digits=20, decimal_places=6, default=1)
    question = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "level", "position"],
                name="behaviour_position",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Answer(TenantModel):
    """A person's answer to a behaviour's question; the newest counts."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    behaviour = TenantForeignKey(Behaviour, on_delete=models.CASCADE, related_name="answers")
    holds = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=160)
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "account", "behaviour", "-id"], name="answer_latest")]


class Assessment(TenantModel):
    """An account's level as computed from evidence; a new row when anything in it changed.

    level 0: the behaviours of the first level do not all hold. `evidence` lists each
    behaviour with whether it holds, by what number, and since when.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    framework = TenantForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)
    assessed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account"],
                condition=Q(superseded_at=None),
                name="assessment_current",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "account", "-id"], name="assessment_latest")]
