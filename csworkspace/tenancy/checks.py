"""A system check that the app's role stands inside the wall."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connection

ROLE = "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
OWNED = "select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user"


def register_checks() -> None:
    """Called once at start."""
    register(app_role_is_confined, Tags.database)


def app_role_is_confined(databases: Any = None, **kwargs: Any) -> list[Error]:
    """The role of DATABASE_URL is no superuser, cannot bypass the wall and owns no table."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        superuser, bypass = cursor.fetchone()
        cursor.execute(OWNED)
        owned = cursor.fetchone()[0]
    if not (superuser or bypass or owned):
        return []
    return [
        Error(
            "The role of DATABASE_URL could see through the wall between workspaces: "
            f"superuser={superuser}, bypassrls={bypass}, tables owned={owned}.",
            hint="Use a role without SUPERUSER and BYPASSRLS, and run migrations as OWNER_DATABASE_URL.",
            id="csworkspace.E001",
        )
    ]
