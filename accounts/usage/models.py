"""Usage events: who used what of the product, when and how much.

`Event` is partitioned by month of `occurred_at`. A unique key of a partitioned
table must contain that column, so that `EventKey` alone says which event ids a
workspace has ever seen, and the event is only written if its key was new.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.accounts.models import Account
from csworkspace.tenancy.models import CurrentWorkspace, TenantForeignKey, TenantModel, Workspace


def unchecked_workspace() -> models.ForeignKey:
    """The workspace of a table that grows with every event.

    The wall's policy already holds each row to the open workspace; a foreign key
    would look that one row up again for each event.
    """
    return models.ForeignKey(
        Workspace,
        on_delete=models.CASCADE,
        db_default=CurrentWorkspace(),
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


class EventKey(TenantModel):
    """Every event id the workspace has ever accepted; unique for ever."""

    pk = models.CompositePrimaryKey("workspace_id", "event_id")
    workspace = unchecked_workspace()
    event_id = models.CharField(max_length=200, db_collation="C")


class Event(TenantModel):
    """One usage fact.

    account_key: what the event said of its account, "id:acme-42" for an explicit
    account id, else "domain:acme.example" of the user's e-mail; an event whose key
    means no account yet has no account, and gets it when the account appears.
    occurred_at: when it happened; received_at: when the source got it;
    recorded_at: when we learned of it.
    batch_id: the delivery that brought it. Batches are never deleted, and only the load
    that made one names it, so that no foreign key looks the same row up for each event.
    """

    id = models.BigAutoField(primary_key=True)
    batch_id = models.BigIntegerField()
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


class TouchedDays(TenantModel):
    """Days of an account whose events changed and whose measurements are to be made again.

    A queue, not a set: whoever adds events adds a row of its own, so that taking the
    rows of others out never waits and never takes a day whose events are not yet seen.
    It bears no foreign keys, because it would be checked more often than it is read.
    due: the first of the days; days that have not begun wait in a row of their own.
    """

    workspace = unchecked_workspace()
    account_id = models.BigIntegerField()
    due = models.DateField()
    days = ArrayField(models.DateField())

    class Meta:
        indexes = [models.Index(fields=["workspace", "account_id", "due"], name="touched_days")]
