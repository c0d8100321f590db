"""Services owed to accounts: one occurrence per account, service and period."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from accounts.tiers.models import DeliveredBy, Service, Tier
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.services.periods import period_words


class ServiceOccurrence(TenantModel):
    """A service that is owed to an account in a period, and how it was delivered.

    The terms (hours, grace) are copied when it is made: what was owed stays as it was.
    period: "2026-Q4", "2026-11", "2026-W48", "2026-H2", "2026", with "/2" for the second
    part of a split one; "onboarding", "renewal 2027-03-01", "request 12".
    late from the day after due_on + grace_days on; missed after `missed_after`.
    For a request: asked_at, answer_by and answered_at are moments, the dates follow them.
    proof: the report or note that shows the delivery, by the name of its page and its id.
    is_reassigned: a colleague was chosen for it, so that it does not follow the account's owner.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="service_occurrences")
    service = TenantForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    tier = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, related_name="+")
    owner = TenantForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    # A default of the database too: generation inserts by a statement of its own.
    is_reassigned = models.BooleanField(default=False, db_default=False)
    period = models.CharField(max_length=40)
    starts_on = models.DateField()
    due_on = models.DateField()
    grace_days = models.PositiveSmallIntegerField()
    missed_after = models.DateField()
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    delivered_by = models.CharField(max_length=12, choices=DeliveredBy.choices)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    deliverer = models.CharField(max_length=160, blank=True)
    note = models.TextField(blank=True)
    proof_page = models.CharField(max_length=40, blank=True)
    proof_id = models.BigIntegerField(null=True, blank=True)
    proof_title = models.CharField(max_length=200, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "service", "period"], name="occurrence_once"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "due_on", "id"], name="occurrence_due"),
            models.Index(fields=["workspace", "account", "due_on"], name="occurrence_account"),
            models.Index(fields=["workspace", "owner", "due_on"], name="occurrence_owner"),
            models.Index(
                fields=["workspace", "due_on", "id"],
                name="occurrence_to_do",
                condition=Q(delivered_on=None, waived_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {period_words(self.period)}"
