"""The value score: its weights by version, and what it was for an account from a day on."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class ScoreModel(TenantModel):
    """A version of the weights. A new one takes over from a day on; scores name the version they used.

    components: list of {"kind": "indicator"|"plan"|"maturity", "indicator": id, "weight": decimal text,
    "worst": decimal text, "best": decimal text}; see `scores.formula`. bands: list of {"name", "from"},
    from at risk to advocate.
    """

    number = models.PositiveIntegerField()
    components = models.JSONField(default=list)
    bands = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateField()
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="score_model_number"),
        ]

    def __str__(self) -> str:
        return f"Weights {self.number}"


class Score(TenantModel):
    """An account's value score from a day on, until its next row; the rows of past days never change.

    score: 0 to 100, None if no component has data. confidence: percent of the weights that had data.
    components: list of {"name", "kind", "share", "weight", "points", "words", …}, every part of it.
    tier, owner and stage are those of that day, so that the curve of a tier then can be drawn later.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    confidence = models.PositiveSmallIntegerField()
    components = models.JSONField(default=list)
    model = TenantForeignKey(ScoreModel, on_delete=models.PROTECT, related_name="+", db_index=False)
    tier_then = models.BigIntegerField(null=True)
    owner_then = models.BigIntegerField(null=True)
    stage = models.CharField(max_length=12)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "account", "day"], name="score_once"),
            models.UniqueConstraint(
                fields=["workspace", "account"], condition=Q(superseded_at=None), name="score_current"
            ),
        ]
