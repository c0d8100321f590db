"""The wall, as the database itself describes it. Anything outside of it fails here."""

import pytest
from django.conf import settings

from tests.csworkspace.tenancy.catalogue import (
    DEFINERS,
    EXTRA_POLICIES,
    GLOBAL,
    WALL,
    columns,
    policies,
    rows,
    tables,
    tenant_tables,
)

pytestmark = pytest.mark.django_db
SETTING = "NULLIF(current_setting('app.accounts'::text, true), ''::text)"


def customer_policy(column: str) -> str:
    sub = f'( SELECT {SETTING} AS "nullif")'
    among = f"({column} = ANY ((string_to_array({sub}, ','::text))::bigint[]))"
    return f"\nCASE\n    WHEN ({sub} IS NULL) THEN true\n    ELSE {among}\nEND"


def test_every_table_is_listed_or_behind_the_wall():
    problems = []
    for table in tenant_tables():
        if not columns(table.name).get("workspace_id"):
            problems.append(f"{table.name}: no workspace_id NOT NULL, and not listed as global")
        if not (table.enabled and table.forced):
            problems.append(f"{table.name}: row-level security is not enabled and forced")
    assert problems == []


def test_the_global_list_names_only_tables_that_exist():
    names = {table.name for table in tables()}
    assert sorted(set(GLOBAL) - names) == []


def test_every_tenant_table_has_exactly_the_wall():
    wrong = {}
    for table in tenant_tables():
        found = policies(table.name)
        expected = {"wall": ("PERMISSIVE", "{public}", "ALL", WALL, WALL)}
        for name, (command, using) in EXTRA_POLICIES.get(table.name, {}).items():
            expected[name] = ("PERMISSIVE", "{public}", command, using, None)
        column = "id" if table.name == "accounts_account" else "account_id"
        if column in columns(table.name) and (column == "account_id" or table.name == "accounts_account"):
            expected["customer"] = ("RESTRICTIVE", "{public}", "ALL", customer_policy(column), None)
        if found != expected:
            wrong[table.name] = found
    assert wrong == {}


def test_workspaces_themselves_are_seen_from_inside_or_by_their_members():
    found = policies("csworkspace_workspace")
    owner = settings.OWNER_DATABASE["USER"]
    assert sorted(found) == ["directory", "own", "wall"]
    assert found["directory"][1:3] == (f"{{{owner}}}", "SELECT")
    assert found["own"][2] == "SELECT"
    assert found["wall"][3] == found["wall"][4] == WALL.replace("workspace_id", "id")
    (workspace,) = [table for table in tables() if table.name == "csworkspace_workspace"]
    assert workspace.enabled
    assert workspace.forced


def test_references_between_tenant_tables_carry_the_workspace():
    tenants = {table.name for table in tenant_tables()}
    wrong = []
    for name, child, parent, child_columns, parent_columns in rows(
        """select c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
           (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k(num, n)
              join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num),
           (select array_agg(a.attname::text order by k.n) from unnest(c.confkey) with ordinality k(num, n)
              join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num)
           from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace"""
    ):
        both = child in tenants and parent in tenants
        if both and not (child_columns[0] == parent_columns[0] == "workspace_id" and len(child_columns) == 2):
            wrong.append(name)
    assert wrong == []


def test_every_reference_column_between_tenant_models_has_its_composite_key():
    """A TenantForeignKey whose migration forgot RaiseWall or ReferenceWithinWall would hold nothing."""
    from django.apps import apps

    from csworkspace.tenancy.models import TenantForeignKey, TenantModel

    held = {
        (child, tuple(names))
        for child, names in rows(
            """select c.conrelid::regclass::text,
               (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k(num, n)
                  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num)
               from pg_constraint c where c.contype = 'f'"""
        )
    }
    missing = []
    for model in apps.get_models(include_auto_created=True):
        if not issubclass(model, TenantModel):
            continue
        for field in model._meta.local_fields:
            between = field.is_relation and issubclass(field.related_model, TenantModel)
            if between and not isinstance(field, TenantForeignKey):
                missing.append(f"{model._meta.label}.{field.name} is a plain foreign key")
            if between and (model._meta.db_table, ("workspace_id", field.column)) not in held:
                missing.append(f"{model._meta.label}.{field.name} has no composite constraint")
    assert missing == []


def test_every_unique_key_carries_the_workspace():
    wrong = []
    tenants = {table.name for table in tenant_tables()}
    for table, index, primary, names in rows(
        """select t.relname, i.relname, x.indisprimary,
           array(select pg_get_indexdef(x.indexrelid, k, true) from generate_series(1, x.indnkeyatts) k)
           from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
           where x.indisunique and t.relnamespace = 'public'::regnamespace"""
    ):
        identity = primary and "id" in names  # ids are drawn from a sequence, never chosen
        if table in tenants and "workspace_id" not in names and not identity:
            wrong.append((table, index, names))
    assert wrong == []


def test_the_app_role_is_confined():
    app = settings.APP_ROLE
    assert rows("select current_user::text") == [(app,)]
    assert rows(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = %s", app
    ) == [(False, False, False, False)]
    assert [table.name for table in tables() if table.owner == app] == []
    assert rows(
        "select has_schema_privilege('public', 'create'), "
        "has_database_privilege(current_database(), 'create')"
    ) == [(False, False)]
    assert (
        rows("select rolname from pg_roles where rolname <> %s and pg_has_role(%s, oid, 'member')", app, app)
        == []
    )


def test_the_app_role_may_not_truncate_or_reference():
    open_to = rows(
        """select table_name, privilege_type from information_schema.role_table_grants
           where grantee in (%s, 'PUBLIC') and table_schema = 'public'
           and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')""",
        settings.APP_ROLE,
    )
    assert open_to == []


@pytest.mark.parametrize(
    ("table", "allowed"),
    [
        ("csworkspace_auditentry", ["INSERT", "SELECT"]),
        ("csworkspace_doorcrossing", ["SELECT"]),
        ("django_migrations", ["SELECT"]),
        ("csworkspace_job", ["DELETE", "INSERT", "SELECT", "UPDATE"]),
    ],
)
def test_what_the_app_role_may_do(table, allowed):
    granted = rows(
        "select privilege_type from information_schema.role_table_grants "
        "where grantee = %s and table_name = %s",
        settings.APP_ROLE,
        table,
    )
    assert sorted(row[0] for row in granted) == allowed


def test_nothing_runs_with_the_owners_rights_but_what_is_listed():
    found = rows(
        "select proname, proconfig::text from pg_proc "
        "where prosecdef and pronamespace = 'public'::regnamespace"
    )
    assert sorted(name for name, _ in found) == sorted(DEFINERS)
    assert [name for name, config in found if "search_path=public, pg_temp" not in (config or "")] == []
    assert (
        rows("select p.proname from pg_proc p, aclexplode(p.proacl) a where p.prosecdef and a.grantee = 0")
        == []
    ), "nobody but the app may call them"


def test_no_view_sees_with_its_owners_rights():
    loose = rows(
        """select relname from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'm'
           or relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false))"""
    )
    assert loose == []


def test_no_trigger_or_rule_does_anything_unseen():
    assert rows("select tgname from pg_trigger where not tgisinternal") == []
    assert rows("select rulename from pg_rules where schemaname = 'public'") == []
