"""Indicators: defined tests on an account at a time, and how they came out."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.playbooks.models import Playbook


class SignalKind(models.TextChoices):
    """What a signal tells of."""

    RISK = "risk", "Risk"
    OPPORTUNITY = "opportunity", "Opportunity"
    INCIDENT = "incident", "Incident"
    PEOPLE = "people", "People change"
    BUYING = "buying", "Buying trigger"
    MILESTONE = "milestone", "Milestone"


class Severity(models.IntegerChoices):
    """How much it matters."""

    LOW = 1, "Low"
    MEDIUM = 2, "Medium"
    HIGH = 3, "High"


class Indicator(TenantModel):
    """A defined test on an account at a time.

    measure: the registered measure that gives the number, such as "metric" or "contact_silence";
    definition: its parameters, the comparison, and the thresholds at which it begins and ends to hold
    (see `indicators.definition`). `number` counts the definition's versions, `version` all edits.
    explanation: the sentence that people read, with placeholders of the measure.
    cool_down_days: how long after a signal was resolved the same indicator raises no other on the account.
    """

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=12, choices=SignalKind.choices)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MEDIUM)
    measure = models.CharField(max_length=40)
    definition = models.JSONField(default=dict)
    explanation = models.CharField(max_length=300)
    cool_down_days = models.PositiveSmallIntegerField(default=14)
    playbook = TenantForeignKey(
        Playbook, on_delete=models.SET_NULL, null=True, blank=True, related_name="indicators"
    )
    is_active = models.BooleanField(default=True)
    problem = models.CharField(max_length=300, blank=True)
    number = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="indicator_key")]

    def __str__(self) -> str:
        return self.name


class IndicatorVersion(TenantModel):
    """What an indicator's definition was from a moment on; readings name the version."""

    indicator = TenantForeignKey(Indicator, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    measure = models.CharField(max_length=40)
    definition = models.JSONField(default=dict)
    explanation = models.CharField(max_length=300)
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "indicator", "number"], name="indicator_version_number"
            ),
        ]


class Reading(TenantModel):
    """How an indicator came out for an account from a day on; a new row when it changed.

    holds: whether the test holds; None while there is no data to tell. value: the measure's number,
    compared: what it was held against. detail: the numbers behind, for the explanation and evidence.
    held_since: the first day of the present stretch, if it holds, or held before there were no data to tell.
    The current row has no `superseded_at`. number: the version of the definition. counted_on: the day of
    the value, if that was counted anew on a later day than the row's own.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    indicator = TenantForeignKey(Indicator, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    day = models.DateField()
    counted_on = models.DateField(null=True)
    holds = models.BooleanField(null=True)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    compared = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    detail = models.JSONField(default=dict)
    held_since = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "indicator"],
                condition=Q(superseded_at=None),
                name="reading_current",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "account", "indicator", "-id"], name="reading_latest"),
            models.Index(
                fields=["workspace", "indicator", "account"],
                condition=Q(superseded_at=None, holds=True),
                name="reading_holds",
            ),
            models.Index(
                fields=["workspace", "indicator", "account"],
                condition=Q(superseded_at=None),
                name="reading_present",
            ),
            models.Index(
                fields=["workspace", "indicator", "day"], condition=Q(holds=True), name="reading_held"
            ),
        ]

    @property
    def told_on(self) -> date:
        """The day that its value is of, to be told with it."""
        return self.counted_on or self.day
