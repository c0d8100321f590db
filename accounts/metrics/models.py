"""Defined numbers, and their values per account and day."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from accounts.imports.models import Batch
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class Aggregation(models.TextChoices):
    """How a usage metric is computed from the events of its window."""

    COUNT = "count", "Number of events"
    SUM = "sum", "Sum of quantity"
    USERS = "users", "Distinct users"
    FEATURES = "features", "Distinct features"
    DAYS = "days", "Active days"


class MetricKind(models.TextChoices):
    """Computed from events, or a number of the customer's own business."""

    USAGE = "usage", "Usage"
    OUTCOME = "outcome", "Outcome"


class Direction(models.TextChoices):
    """Which way is better."""

    UP = "up", "Higher is better"
    DOWN = "down", "Lower is better"


class Metric(TenantModel):
    """A defined number with unit and direction.

    features: exact names, or prefixes ending in ".*"; empty means all.
    window_days: the value of a day covers that day and the window_days - 1 before.
    is_headline: the one shown in the book of business.
    measured_until: the day up to which every account has its values; None while the
    definition is new or changed and its first measuring has not ended.
    """

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=MetricKind.choices, default=MetricKind.USAGE)
    unit = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.UP)
    aggregation = models.CharField(max_length=10, choices=Aggregation.choices, blank=True)
    features = models.JSONField(default=list, blank=True)
    window_days = models.PositiveSmallIntegerField(default=28)
    is_headline = models.BooleanField(default=False)
    measured_until = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="metric_key"),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(is_headline=True), name="metric_one_headline"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeasurementSource(models.TextChoices):
    """Where a measurement comes from."""

    EVENTS = "events", "Computed from usage events"
    PERSON = "person", "Entered by a person"


class Measurement(TenantModel):
    """A metric's value for an account on a day; a correction is a newer row.

    Values hold until the next row: a usage metric has a row for every day on
    which its window could have changed, and a last one (0) when activity has
    left the window. `superseded_at` is empty on the current row of a day.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    metric = TenantForeignKey(Metric, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    source = models.CharField(max_length=10, choices=MeasurementSource.choices)
    batch = TenantForeignKey(Batch, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=160, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "metric", "day"],
                condition=Q(superseded_at=None),
                name="measurement_current",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "account", "metric", "day"],
                condition=Q(superseded_at__isnull=False),
                name="measurement_corrections",
            ),
        ]


class MetricState(TenantModel):
    """The latest value of a metric for an account, and the one four weeks before."""

    account = TenantForeignKey(
        Account, on_delete=models.CASCADE, related_name="metric_states", db_index=False
    )
    metric = TenantForeignKey(Metric, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    previous = models.DecimalField(max_digits=20, decimal_places=6, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "account", "metric"], name="metric_state"),
        ]
