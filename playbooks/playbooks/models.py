"""Playbooks: what to do when, in versions."""

from django.db import models
from django.db.models import Q

from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class PlaybookState(models.TextChoices):
    """A draft was never published; a paused one starts no plays; a retired one stays for the record."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    RETIRED = "retired", "Retired"


class Playbook(TenantModel):
    """What to do when. What exactly is in its versions; `current` is the newest published number.

    library_key: the ready-made playbook that it was made from. is_parallel: more than one play may run
    on an account at a time. daily_limit: plays that its triggers start a day at most.
    rest_days: how long after a play ended its triggers start no other on the account.
    """

    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=500, blank=True)
    library_key = models.SlugField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=PlaybookState.choices, default=PlaybookState.DRAFT)
    current = models.PositiveIntegerField(null=True, blank=True)
    is_parallel = models.BooleanField(default=False)
    daily_limit = models.PositiveIntegerField(default=200)
    rest_days = models.PositiveSmallIntegerField(default=30)
    version = models.PositiveIntegerField(default=1)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="playbook_name")]

    def __str__(self) -> str:
        return self.name


class PlaybookVersion(TenantModel):
    """A playbook as it was published; plays finish on the version they began with.

    trigger, audience, steps and success: see `playbooks.definition`. The one without `published_at` is
    the draft that is being edited.
    """

    playbook = TenantForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    trigger = models.JSONField(default=dict)
    audience = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    success = models.JSONField(default=dict)
    change_note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "playbook", "number"], name="playbook_version"),
            models.UniqueConstraint(
                fields=["workspace", "playbook"],
                condition=Q(published_at=None),
                name="playbook_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook} v{self.number}"
