"""Usage events: who used what of the product, when and how much.

`Event` is partitioned by month of `occurred_at`. A unique key of a partitioned
table must contain that column, so that `EventKey` alone says which event ids a
workspace has ever seen, and the event is only written if its key was new.
"""

from django.db import models

from accounts.accounts.models import Account
from accounts.imports.models import Batch
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class EventKey(TenantModel):
    """Every event id the workspace has ever accepted; unique for ever."""

    pk = models.CompositePrimaryKey("workspace_id", "event_id")
    event_id = models.CharField(max_length=200, db_collation="C")


class Event(TenantModel):
    """One usage fact.

    account_key: what the event said of its account, "id:acme-42" for an explicit
    account id, else "domain:acme.example" of the user's e-mail; an event whose key
    means no account yet has no account, and gets it when the account appears.
    occurred_at: when it happened; received_at: when the source got it;
    recorded_at: when we learned of it.
    """

    id = models.BigAutoField(primary_key=True)
    batch = TenantForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    account = TenantForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    account_key = models.CharField(max_length=262, db_collation="C")
    event_id = models.CharField(max_length=200, db_collation="C")
    user_key = models.CharField(max_length=254, db_collation="C")
    user_name = models.CharField(max_length=200)
    feature = models.CharField(max_length=200, db_collation="C")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        # Made by hand in the migration, because Django cannot partition.
        managed = False
        db_table = "accounts_event"

    def __str__(self) -> str:
        return self.event_id


class TouchedDay(TenantModel):
    """An account-day whose events changed and whose measurements are to be made again.

    A queue, not a set: whoever adds events adds rows of its own, so that taking the
    rows of others out never waits and never takes a day whose events are not yet seen.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "account", "day"], name="touched_day")]
