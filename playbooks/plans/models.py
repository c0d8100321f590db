"""Success plans: what is agreed with the customer, and how it was changed."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Deferrable, Q

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from accounts.metrics.models import Metric
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.models import Behaviour
from playbooks.plans.progress import Checkpoint


class PlanState(models.TextChoices):
    """A draft is prepared, an active plan is followed, a closed one is history."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"


class Plan(TenantModel):
    """A success plan of one account, with an owner on each side.

    Customers see it from `shared_at` on. One plan per account is active.
    `version` grows with every change to what is agreed, so that two people who
    edit at once notice each other.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="plans")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    benchmark = TenantForeignKey(Benchmark, on_delete=models.PROTECT, null=True, related_name="+")
    owner = TenantForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    customer_owner = TenantForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    shared_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account"], condition=Q(state="active"), name="plan_one_active"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Objective(TenantModel):
    """The job the customer hired the product for, in the customer's own words."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "plan", "position"],
                name="objective_position",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.words[:120]


class Target(TenantModel):
    """A metric to move from a baseline to a target value by a date.

    baseline_on: the day whose measurement the baseline is; empty if a person typed it.
    checkpoints: list of {"on": ISO date, "value": decimal text} between start and due,
    agreed stops on the way; empty means the straight path.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    objective = TenantForeignKey(Objective, on_delete=models.CASCADE, related_name="targets")
    metric = TenantForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    baseline = models.DecimalField(max_digits=20, decimal_places=6)
    baseline_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    due_on = models.DateField()
    checkpoints = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "objective", "metric"], name="target_metric"),
            models.CheckConstraint(condition=Q(due_on__gt=models.F("starts_on")), name="target_due_later"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} to {self.value.normalize():f} by {self.due_on}"

    @property
    def stops(self) -> tuple[Checkpoint, ...]:
        """The checkpoints as dates and values, by date."""
        return tuple(
            sorted(
                Checkpoint(date.fromisoformat(stop["on"]), Decimal(stop["value"]))
                for stop in self.checkpoints
            )
        )


class Side(models.TextChoices):
    """Who does it."""

    US = "us", "Us"
    CUSTOMER = "customer", "Customer"


class Practice(TenantModel):
    """A behaviour to adopt, or another agreed step, with who does it by when."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="practices")
    title = models.CharField(max_length=200)
    behaviour = TenantForeignKey(Behaviour, on_delete=models.SET_NULL, null=True, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.CUSTOMER)
    owner = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    contact = TenantForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Revision(TenantModel):
    """A change to an active plan, with its reason; what it was before is kept."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    reason = models.TextField()
    changes = models.JSONField(default=list)
    actor = models.CharField(max_length=160)
    revised_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "plan", "number"], name="revision_number"),
        ]
