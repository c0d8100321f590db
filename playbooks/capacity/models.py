"""How much time the team has, and what it would be like otherwise."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from accounts.changes.models import ChangeSet
from csworkspace.jobs.models import Job
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class CsmCapacity(TenantModel):
    """A CSM's working time, and whom they can look after.

    hours_per_week: contract hours. meeting_share and leave_share: parts (0 to 1) of it that
    go into meetings and leave. languages, regions, skills: lower-case words; empty means any.
    """

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    hours_per_week = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(40))
    meeting_share = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.25"))
    leave_share = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.15"))
    languages = models.JSONField(default=list, blank=True)
    regions = models.JSONField(default=list, blank=True)
    skills = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "membership"], name="csm_capacity_once"),
            models.CheckConstraint(condition=Q(hours_per_week__gte=0), name="csm_capacity_hours"),
        ]

    def __str__(self) -> str:
        return f"Capacity of {self.membership}"


class Absence(TenantModel):
    """Days on which a CSM is away, both included."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="absence_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "membership", "starts_on"], name="absence_member")]

    def __str__(self) -> str:
        return f"{self.membership} away from {self.starts_on} to {self.ends_on}"


class ScenarioKind(models.TextChoices):
    """A what-if that a person builds, or a proposal that the optimiser made."""

    WHAT_IF = "what_if", "What-if"
    PROPOSAL = "proposal", "Balancing proposal"


class Scenario(TenantModel):
    """Steps that are only thought through, until somebody applies them.

    steps: list of {"do": "move"|"add_csm"|"lose_csm"|"terms"|"threshold", …}; see
    `capacity.steps`. outcome: what a proposal's optimiser says of itself; once applied also what
    came of it, and the steps' words and the comparison as they were then.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=ScenarioKind.choices, default=ScenarioKind.WHAT_IF)
    steps = models.JSONField(default=list)
    outcome = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    job = TenantForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=160, blank=True)
    change_set = TenantForeignKey(ChangeSet, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["workspace", "-id"], name="scenario_latest")]

    def __str__(self) -> str:
        return self.name
