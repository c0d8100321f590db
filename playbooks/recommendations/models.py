"""Recommendations to the customer: shown in the portal, answered there, and followed up."""

from django.db import models

from accounts.accounts.models import Account
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.frameworks.models import Behaviour
from playbooks.plays.models import PlayStep


class RecommendationState(models.TextChoices):
    """Where a recommendation stands; taken up means that use or a person shows it."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    TAKEN_UP = "taken_up", "Taken up"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Not taken up in time"


UNANSWERED = (RecommendationState.OPEN, RecommendationState.ACCEPTED)


class Recommendation(TenantModel):
    """What we advise a customer to do, with the reason; customers see it from `shared_at` on.

    features: names or prefixes whose first use after `shared_at` shows that it was taken up; or
    `behaviour`, when the maturity assessment says that it holds. Neither: a person says so.
    taken_up_by: what showed it.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="recommendations")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    why = models.CharField(max_length=300, blank=True)
    behaviour = TenantForeignKey(
        Behaviour, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    features = models.JSONField(default=list, blank=True)
    state = models.CharField(
        max_length=10, choices=RecommendationState.choices, default=RecommendationState.OPEN
    )
    step = TenantForeignKey(
        PlayStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="recommendations"
    )
    owner = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    shared_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=160, blank=True)
    answer_note = models.CharField(max_length=500, blank=True)
    taken_up_on = models.DateField(null=True, blank=True)
    taken_up_by = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    actor = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "step"],
                condition=models.Q(step__isnull=False),
                name="recommendation_step",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "account", "-id"], name="recommendation_account"),
            models.Index(
                fields=["workspace", "account"],
                condition=models.Q(state__in=["open", "accepted"]),
                name="recommendation_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title
