"""What is heard of an account: funding, a new leadership, a takeover."""

from django.db import models

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class NewsKind(models.TextChoices):
    """What the news is about."""

    FUNDING = "funding", "Funding"
    LEADERSHIP = "leadership", "Leadership"
    ACQUISITION = "acquisition", "Acquisition or merger"
    GROWTH = "growth", "Growth or expansion"
    CUTS = "cuts", "Cuts or layoffs"
    COMPETITOR = "competitor", "Competitor"
    OTHER = "other", "Other"


class News(TenantModel):
    """One piece of news of an account, entered by a person or sent by the API.

    external_id: the sender's own id, so that the same news sent twice is one.
    happened_on is the fact's day, recorded_at the moment when it was learned.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(max_length=12, choices=NewsKind.choices)
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    happened_on = models.DateField()
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "external_id"], name="news_external_id"),
        ]
        indexes = [models.Index(fields=["workspace", "account", "-happened_on"], name="news_account")]

    def __str__(self) -> str:
        return self.title
