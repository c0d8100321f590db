"""Tasks: what somebody is to do for an account, by when, and how it ended."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.notes.models import Note
from playbooks.plays.models import PlayStep
from playbooks.signals.models import Signal


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    CANCELLED = "cancelled", "Cancelled"


class Task(TenantModel):
    """One thing to do. It comes from a play's step, follows a meeting, answers a signal, or stands alone.

    done_when: the definition of success. outcomes: the ways in which it can end, to choose from when it
    is completed; empty means only "done". owner: who does it; None: nobody (its owner has left).
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    how_to = models.TextField(blank=True)
    done_when = models.CharField(max_length=300, blank=True)
    owner = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    due_on = models.DateField(null=True, blank=True)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    outcomes = models.JSONField(default=list, blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    result_note = models.TextField(blank=True)
    step = TenantForeignKey(PlayStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    note = TenantForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    signal = TenantForeignKey(Signal, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=160, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "step"], condition=Q(step__isnull=False), name="task_step"
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "owner", "due_on", "id"],
                condition=Q(state="open"),
                name="task_inbox",
            ),
            models.Index(fields=["workspace", "due_on", "id"], condition=Q(state="open"), name="task_open"),
            models.Index(fields=["workspace", "account", "-id"], name="task_account"),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarFeed(TenantModel):
    """A member's iCalendar address; the token is stored hashed, and stops working when revoked."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "token_hash"], name="calendar_feed_token"),
            models.UniqueConstraint(
                fields=["workspace", "member"], condition=Q(revoked_at=None), name="calendar_feed_one"
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.member}"
