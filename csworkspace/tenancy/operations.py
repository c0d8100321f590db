"""Migration operations that put a table behind the wall."""

from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

WORKSPACE = "(select nullif(current_setting('app.workspace', true), '')::bigint)"
ACCOUNTS = "(select nullif(current_setting('app.accounts', true), ''))"


def wall_sql(table: str, account_column: str | None = None) -> list[str]:
    """Statements that put one table behind the wall.

    The sub-select in the policy keeps it a constant for the planner, so that
    the index on the workspace is used. With `account_column`, a second,
    restrictive policy confines customers to their own accounts; written as a CASE,
    because the planner takes "is null or …" for one row in 200 and then reads and
    sorts everything where an index in the right order would end after a page.
    """
    statements = [
        f'alter table "{table}" enable row level security',
        f'alter table "{table}" force row level security',
        f'create policy wall on "{table}" using (workspace_id = {WORKSPACE}) '
        f"with check (workspace_id = {WORKSPACE})",
    ]
    if account_column:
        statements.append(
            f'create policy customer on "{table}" as restrictive using (case when {ACCOUNTS} is null '
            f"then true else {account_column} = any (string_to_array({ACCOUNTS}, ',')::bigint[]) end)"
        )
    return statements


def unique_sql(table: str) -> str:
    """Add the key that composite foreign keys of other tables point at, once."""
    return (
        f"do $$ begin if not exists (select from pg_constraint where conname = '{table}_ws_id') then "
        f'alter table "{table}" add constraint "{table}_ws_id" unique (workspace_id, id); '
        "end if; end $$"
    )


def reference_sql(table: str, column: str, parent: str) -> str:
    """A foreign key that holds the child to a parent of the same workspace."""
    return (
        f'alter table "{table}" add constraint "{table}_{column}_ws" '
        f'foreign key (workspace_id, {column}) references "{parent}" (workspace_id, id) '
        "deferrable initially deferred"
    )


def is_tenant(model: type[Model]) -> bool:
    """Whether a (historical) model belongs to a workspace."""
    return any(field.name == "workspace" for field in model._meta.local_fields)


def tenant_references(model: type[Model]) -> list[tuple[str, str]]:
    """(column, parent table) of each foreign key between tenant tables."""
    found = []
    for field in model._meta.local_fields:
        parent: Any = field.related_model
        if parent is not None and field.name != "workspace" and is_tenant(parent):
            found.append((str(field.column), str(parent._meta.db_table)))
    return found


def account_column(model: type[Model]) -> str | None:
    """The column that says which account a row belongs to, if it has one."""
    if model._meta.label_lower == "accounts.account":
        return "id"
    columns = {field.column for field in model._meta.local_fields}
    return "account_id" if "account_id" in columns else None


class RaiseWall(Operation):
    """Put the named models of this app behind the wall, with composite keys."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *model_names: str) -> None:
        self.model_names = model_names

    def deconstruct(self) -> tuple[str, Any, Any]:
        """How the migration writer would print this operation."""
        return (self.__class__.__qualname__, list(self.model_names), {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models' state does not change."""

    def _models(self, app_label: str, apps: Apps) -> list[type[Model]]:
        return [apps.get_model(app_label, name) for name in self.model_names]

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Policies first, then the references between the tables."""
        models = self._models(app_label, to_state.apps)
        for model in models:
            for statement in wall_sql(model._meta.db_table, account_column(model)):
                schema_editor.execute(statement)
        for model in models:
            for column, parent in tenant_references(model):
                schema_editor.execute(unique_sql(parent))
                schema_editor.execute(reference_sql(model._meta.db_table, column, parent))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing to undo: the tables themselves are dropped by what comes next."""

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Raise the wall around {', '.join(self.model_names)}"


class ReferenceWithinWall(Operation):
    """Add the composite foreign key for a TenantForeignKey added later."""

    reversible = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name, self.field_name = model_name, field_name

    def deconstruct(self) -> tuple[str, Any, Any]:
        """How the migration writer would print this operation."""
        return (self.__class__.__qualname__, [self.model_name, self.field_name], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models' state does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Add the constraint."""
        model = to_state.apps.get_model(app_label, self.model_name)
        field: Any = model._meta.get_field(self.field_name)
        parent = field.remote_field.model._meta.db_table
        schema_editor.execute(unique_sql(parent))
        schema_editor.execute(reference_sql(model._meta.db_table, field.column, parent))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the constraint."""
        model = to_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.field_name).column
        table = model._meta.db_table
        schema_editor.execute(f'alter table "{table}" drop constraint "{table}_{column}_ws"')
