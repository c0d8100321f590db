"""The book of business: one row per account with everything the list sorts and filters by."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.accounts.models import Account, Stage
from accounts.tiers.models import Tier
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel

NEVER = date(9999, 12, 31)
LONG_AGO = date(1, 1, 1)


class PlanStatus(models.TextChoices):
    """How a plan stands; also of a single target."""

    AHEAD = "ahead", "Ahead"
    ON_TRACK = "on_track", "On track"
    SLIPPING = "slipping", "Slipping"
    OFF_TRACK = "off_track", "Off track"
    NO_DATA = "no_data", "No data"
    NONE = "none", "No plan"


class BookRow(TenantModel):
    """What the list of accounts shows, sorts and filters by, kept up to date by actions.

    No column is null, so that every sort has one order (a keyset needs that):
    NEVER, LONG_AGO and -1 stand for "not known". attention is 0 (fine) to 100.
    `arr_sort` (cents of the workspace's currency by the stated rates, -1 without one) and
    `headline_sort` repeat the two numbers in types whose comparison is leakproof: under
    row-level security a numeric cannot use its index.
    next_owed_on: the earliest due date of a service that is owed and not delivered;
    services_late: how many are late; attainment: percent on time of the last four quarters.
    score: the value score, whole points. signals: how many are not resolved, signal_severity: the worst's.
    `search` holds name, domains and external id, one a line, folded as `name_sort`.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="book_rows", db_index=False)
    name = models.CharField(max_length=200)
    name_sort = models.CharField(max_length=200, db_collation="C")
    search = models.TextField(db_collation="C")
    owner = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    tier = TenantForeignKey(Tier, on_delete=models.SET_NULL, null=True, related_name="+")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    arr = models.DecimalField(max_digits=14, decimal_places=2, default=-1)
    arr_sort = models.BigIntegerField(default=-1)
    currency = models.CharField(max_length=3)
    renewal_on = models.DateField(default=NEVER)
    last_active_on = models.DateField(default=LONG_AGO)
    headline = models.DecimalField(max_digits=20, decimal_places=6, default=-1)
    headline_sort = models.FloatField(default=-1)
    headline_before = models.DecimalField(max_digits=20, decimal_places=6, default=-1)
    level = models.SmallIntegerField(default=-1)
    plan_status = models.CharField(max_length=10, choices=PlanStatus.choices, default=PlanStatus.NONE)
    attention = models.SmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    next_owed_on = models.DateField(default=NEVER)
    services_late = models.SmallIntegerField(default=0)
    attainment = models.SmallIntegerField(default=-1)
    score = models.SmallIntegerField(default=-1, db_default=-1)
    signals = models.SmallIntegerField(default=0, db_default=0)
    signal_severity = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "account"], name="book_row_once")]
        # One order per sort, read forwards or backwards: both directions and the keyset use it.
        indexes = [
            models.Index(fields=["workspace", "attention", "account"], name="book_attention"),
            models.Index(fields=["workspace", "owner", "attention", "account"], name="book_owner"),
            models.Index(fields=["workspace", "name_sort", "account"], name="book_name"),
            models.Index(fields=["workspace", "arr_sort", "account"], name="book_arr"),
            models.Index(fields=["workspace", "renewal_on", "account"], name="book_renewal"),
            models.Index(fields=["workspace", "last_active_on", "account"], name="book_last_active"),
            models.Index(fields=["workspace", "headline_sort", "account"], name="book_headline"),
            models.Index(fields=["workspace", "level", "account"], name="book_level"),
            models.Index(fields=["workspace", "score", "account"], name="book_score"),
            models.Index(fields=["workspace", "signal_severity", "account"], name="book_signals"),
            models.Index(fields=["workspace", "next_owed_on", "account"], name="book_next_owed"),
            models.Index(fields=["workspace", "attainment", "account"], name="book_attainment"),
        ]

    def __str__(self) -> str:
        return self.name


class SavedView(TenantModel):
    """A view of the book under a name: its address (filters, sort) and its columns.

    Private to its owner, or shared with everybody who reads the book.
    """

    owner = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    columns = models.JSONField(default=list)
    is_shared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "owner", "name"], name="saved_view_name"),
        ]

    def __str__(self) -> str:
        return self.name
