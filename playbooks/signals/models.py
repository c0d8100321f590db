"""Signals: something observed about an account that calls for action."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.indicators.models import Indicator, Severity, SignalKind
from playbooks.playbooks.models import Playbook


class SignalState(models.TextChoices):
    """Where a signal stands; a snoozed one comes back on its day."""

    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    SNOOZED = "snoozed", "Snoozed"
    RESOLVED = "resolved", "Resolved"


class Outcome(models.TextChoices):
    """What became of a signal."""

    ADDRESSED = "addressed", "Addressed"
    RECOVERED = "recovered", "Recovered by itself"
    WON = "won", "Opportunity taken"
    LOST = "lost", "Lost or churned"
    FALSE_ALARM = "false_alarm", "False alarm"
    NOT_NEEDED = "not_needed", "No action needed"
    EXPIRED = "expired", "No longer current"


# What was to be had: the rest ended without anybody being better off.
GOOD_ENDS = (Outcome.ADDRESSED, Outcome.RECOVERED, Outcome.WON)


class SignalSource(models.TextChoices):
    """Who raised it."""

    INDICATOR = "indicator", "Indicator"
    PERSON = "person", "A person"
    API = "api", "API"


class Signal(TenantModel):
    """One cause on one account, raised once: while it is not resolved, the same `cause` raises no other.

    cause: "indicator 12", or what a person or an API client called it. title: the explanation, in words.
    evidence: list of {"label", "value", "unit", "day", "page", "args", "query"}, the numbers behind, each
    with the page that shows it. is_kept: a person reopened it; indicators end it only after its reading has
    held again.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="signals")
    indicator = TenantForeignKey(
        Indicator, on_delete=models.SET_NULL, null=True, blank=True, related_name="signals"
    )
    kind = models.CharField(max_length=12, choices=SignalKind.choices)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MEDIUM)
    source = models.CharField(max_length=10, choices=SignalSource.choices)
    cause = models.CharField(max_length=160, db_collation="C")
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    playbook = TenantForeignKey(Playbook, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=SignalState.choices, default=SignalState.OPEN)
    raised_on = models.DateField()
    raised_at = models.DateTimeField()
    last_seen_on = models.DateField()
    owner = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(max_length=500, blank=True)
    is_kept = models.BooleanField(default=False)
    actor = models.CharField(max_length=160)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "cause"],
                condition=~Q(state="resolved"),
                name="signal_once",
            ),
            # A program's id is used once for ever, whichever account it was of.
            models.UniqueConstraint(
                fields=["workspace", "cause"], condition=Q(source="api"), name="signal_external_id"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "account", "-id"], name="signal_account"),
            models.Index(fields=["workspace", "-raised_at", "-id"], name="signal_latest"),
            models.Index(
                fields=["workspace", "-severity", "-id"],
                condition=~Q(state="resolved"),
                name="signal_unresolved",
            ),
            models.Index(fields=["workspace", "indicator", "account", "-id"], name="signal_indicator"),
        ]

    def __str__(self) -> str:
        return self.title


class SignalSetting(TenantModel):
    """How many signals indicators may raise on one account and day; without a row it is 5."""

    most_per_day = models.PositiveSmallIntegerField(default=5)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="signal_setting_once")]


class HeldBack(TenantModel):
    """The cap held signals of an account back on a day: how many, of which indicators.

    They are not lost: what still holds on the next day is raised then.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    indicator_ids = models.JSONField(default=list)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "account", "day"], name="held_back_once"),
        ]
