"""Plays: playbooks that were started on accounts, step by step."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account, Stage
from accounts.tiers.models import Tier
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.signals.models import Signal


class PlayState(models.TextChoices):
    """Where a play stands."""

    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    DONE = "done", "Finished"
    STOPPED = "stopped", "Stopped"


ACTIVE = (PlayState.RUNNING, PlayState.PAUSED)


class Play(TenantModel):
    """A playbook started on an account.

    cause: what started it ("signal 12", "renewal 2027-03-01", "by hand 4"): the same cause starts a
    playbook on an account once, for ever. parent and depth: the play whose step led to this one, and how
    many there are above it. owner: who leads it; empty means the account's owner.
    renewal_on: the account's renewal date when it started, which waits for the renewal count from.
    succeeded: whether the success measure was met within its window; None until that is known.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="plays")
    playbook = TenantForeignKey(Playbook, on_delete=models.PROTECT, related_name="plays")
    playbook_version = TenantForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="plays")
    signal = TenantForeignKey(Signal, on_delete=models.SET_NULL, null=True, blank=True, related_name="plays")
    parent = TenantForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    depth = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(max_length=160, db_collation="C")
    cause_words = models.CharField(max_length=300)
    owner = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=PlayState.choices, default=PlayState.RUNNING)
    is_parallel = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    started_on = models.DateField()
    renewal_on = models.DateField(null=True, blank=True)
    actor = models.CharField(max_length=160)
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    succeeded = models.BooleanField(null=True)
    success_words = models.CharField(max_length=300, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "playbook", "cause"], name="play_once_per_cause"
            ),
            models.UniqueConstraint(
                fields=["workspace", "account", "playbook"],
                condition=Q(state__in=["running", "paused"], is_parallel=False),
                name="play_one_active",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="play_latest"),
            models.Index(fields=["workspace", "account", "-id"], name="play_account"),
            models.Index(fields=["workspace", "playbook", "-id"], name="play_playbook"),
        ]

    def __str__(self) -> str:
        return str(self.playbook)


class StepState(models.TextChoices):
    """Where a step of a play stands; an active one waits for somebody, something or a moment."""

    PENDING = "pending", "To come"
    ACTIVE = "active", "Waiting"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class PlayStep(TenantModel):
    """One step of a play, as its playbook's version has it.

    key: the step's key in the version; position: its place there. wake_at: when an active step is looked
    at again (a wait's end). outcome: what it ended with, which branches look at. result: what the step
    made, such as {"task": 12}.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    play = TenantForeignKey(Play, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=StepState.choices, default=StepState.PENDING)
    outcome = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)
    error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    began_at = models.DateTimeField(null=True, blank=True)
    wake_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "play", "key"], name="play_step_once"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "wake_at"],
                condition=Q(state="active", wake_at__isnull=False),
                name="play_step_waking",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LaunchState(models.TextChoices):
    """Where a start on many accounts stands; a large one asks first."""

    ASKING = "asking", "Waits for an answer"
    RUNNING = "running", "Starting"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    STOPPED = "stopped", "Stopped"


class Launch(TenantModel):
    """A playbook that is to be started on many accounts: asked for first, then so many a day.

    account_ids: those that are still to be started, in order; `asked` is how many there were.
    causes: what each of them is started for, by its id as a text: {"cause", "words", "signal", "parent"}.
    passed: the accounts that were passed over, by the reason.
    """

    playbook = TenantForeignKey(Playbook, on_delete=models.CASCADE, related_name="launches")
    playbook_version = TenantForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=160, db_collation="C")
    cause_words = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=LaunchState.choices, default=LaunchState.ASKING)
    account_ids = models.JSONField(default=list)
    causes = models.JSONField(default=dict)
    asked = models.PositiveIntegerField()
    started = models.PositiveIntegerField(default=0)
    passed_over = models.PositiveIntegerField(default=0)
    passed = models.JSONField(default=dict)
    per_day = models.PositiveIntegerField(default=200)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "playbook", "cause"], name="launch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook} on {self.asked} accounts"


class CutCircle(TenantModel):
    """A start that was refused because playbooks would start each other: this cause does not ask again."""

    playbook = TenantForeignKey(Playbook, on_delete=models.CASCADE, related_name="+")
    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    cause = models.CharField(max_length=160, db_collation="C")
    cut_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "playbook", "account", "cause"], name="circle_cut_once"
            ),
        ]


class AccountMark(TenantModel):
    """What triggers last saw of an account, so that a change of stage or tier is one exactly once."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    tier = TenantForeignKey(Tier, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "account"], name="account_mark_once")]
