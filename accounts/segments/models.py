"""Segments: saved, live filters over accounts, and who was in them when."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class Segment(TenantModel):
    """A named live filter.

    definition: {"match": "all"|"any", "groups": [{"match": "all"|"any", "conditions":
    [{"field": "tier", "op": "in", "value": …, "of": …}]}]}; see `segments.definition`.
    `version` grows with every change, so that two people who edit at once notice each other.
    `problem` says in words why it cannot be evaluated any more (a metric that is gone).
    """

    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    definition = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    problem = models.CharField(max_length=300, blank=True)
    size = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="segment_name")]

    def __str__(self) -> str:
        return self.name


class SegmentStay(TenantModel):
    """An account was in a segment from one moment to another; open while it is in it."""

    segment = TenantForeignKey(Segment, on_delete=models.CASCADE, related_name="stays", db_index=False)
    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "segment", "account"],
                condition=Q(left_at=None),
                name="segment_stay_open",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "account", "segment"], name="segment_stay_account"),
            models.Index(fields=["workspace", "segment", "entered_at"], name="segment_stay_entered"),
            models.Index(
                fields=["workspace", "segment", "left_at"],
                condition=Q(left_at__isnull=False),
                name="segment_stay_left",
            ),
        ]
