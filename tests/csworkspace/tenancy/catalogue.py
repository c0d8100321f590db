"""What the wall's tests read from the database's catalogue."""

from dataclasses import dataclass

from django.db import connection

# Every table of the database that does not belong to one workspace, and why.
GLOBAL = {
    "csworkspace_workspace": "the tenants themselves; has a policy of its own",
    "csworkspace_user": "a person may be a member of several workspaces",
    "csworkspace_doorcrossing": "counts who looked across; the app can only read it",
    "account_emailaddress": "belongs to a person, not to a workspace",
    "account_emailconfirmation": "belongs to a person, not to a workspace",
    "mfa_authenticator": "a person's second factor",
    "django_session": "a browser's session, before any workspace is chosen",
    "django_content_type": "names of models; the same for everybody",
    "django_migrations": "which migrations ran; the app can only read it",
    "auth_group": "Django's own, unused and empty",
    "auth_group_permissions": "Django's own, unused and empty",
    "auth_permission": "Django's own names of permissions",
    "axes_accessattempt": "wrong passwords, before anybody is known",
    "axes_accessattemptexpiration": "wrong passwords, before anybody is known",
    "axes_accessfailurelog": "wrong passwords; unused",
    "axes_accesslog": "sign-ins; unused",
}


def setting(name: str) -> str:
    """How PostgreSQL prints the sub-select of one of our settings."""
    value = f"(NULLIF(current_setting('app.{name}'::text, true), ''::text))::bigint"
    return f'( SELECT {value} AS "nullif")'


WALL = f"(workspace_id = {setting('workspace')})"
# One person's own memberships, before a workspace is open (read only).
OWN = f"(user_id = {setting('user')})"
EXTRA_POLICIES = {"csworkspace_membership": {"own": ("SELECT", OWN)}}
# Functions that run with the owner's rights: each crosses the wall on purpose.
DEFINERS = {
    "open_door": "lists workspaces and counts the crossing",
    "ensure_event_months": "creates partitions, which the app may not",
    "collect_event_statistics": "analyzes the event table, which the app may not",
}


def rows(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


@dataclass(frozen=True)
class Table:
    name: str
    kind: str
    is_partition: bool
    enabled: bool
    forced: bool
    owner: str


def tables() -> list[Table]:
    """Every table of the schema, partitioned ones and partitions included."""
    return [
        Table(*row)
        for row in rows(
            "select relname, relkind, relispartition, relrowsecurity, relforcerowsecurity, "
            "pg_get_userbyid(relowner) from pg_class where relnamespace = 'public'::regnamespace "
            "and relkind in ('r', 'p', 'f', 'm', 'v') order by relname"
        )
    ]


def tenant_tables() -> list[Table]:
    return [table for table in tables() if table.name not in GLOBAL]


def columns(table: str) -> dict[str, bool]:
    """Column name → whether it is NOT NULL."""
    return dict(
        rows(
            "select attname, attnotnull from pg_attribute where attrelid = %s::regclass "
            "and attnum > 0 and not attisdropped",
            table,
        )
    )


def policies(table: str) -> dict[str, tuple]:
    """Policy name → (permissive, roles, command, using, with check)."""
    found = rows(
        "select policyname, permissive, roles::text, cmd, qual, with_check from pg_policies "
        "where schemaname = 'public' and tablename = %s",
        table,
    )
    return {row[0]: row[1:] for row in found}
