"""The base of every tenant table, and the workspace itself."""

from typing import Any

from django.db import models
from django.db.models import Func


class CurrentWorkspace(Func):
    """The workspace that the running transaction has opened, or NULL."""

    template = "nullif(current_setting('app.workspace', true), '')::bigint"
    output_field = models.BigIntegerField()
    arity = 0


class Workspace(models.Model):
    """One company using the product: the tenant."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    timezone = models.CharField(max_length=60, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "csworkspace"

    def __str__(self) -> str:
        return self.name


class TenantForeignKey(models.ForeignKey):
    """A foreign key between tenant tables.

    The database constraint is the composite one, (workspace_id, id), that the
    migration operation `RaiseWall` adds: a plain one would accept a parent of
    another workspace, because PostgreSQL checks foreign keys without row-level
    security.
    """

    def __init__(self, to: Any, on_delete: Any, **options: Any) -> None:
        options["db_constraint"] = False
        super().__init__(to, on_delete, **options)


class TenantModel(models.Model):
    """Base of every table that belongs to a workspace.

    `workspace` fills itself from the open workspace; nobody sets or filters it.
    Add the model to a `RaiseWall` operation in the migration that creates it.
    """

    workspace = models.ForeignKey(
        Workspace,
        on_delete=models.CASCADE,
        db_default=CurrentWorkspace(),
        editable=False,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True


class DoorCrossing(models.Model):
    """How often, and why, the list of all workspaces was read; kept per day.

    Only the database function `open_door` writes here.
    """

    reason = models.CharField(max_length=120)
    day = models.DateField()
    crossings = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        app_label = "csworkspace"
        constraints = [models.UniqueConstraint(fields=["reason", "day"], name="door_crossing_once")]
