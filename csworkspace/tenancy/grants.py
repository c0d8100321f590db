"""What the app's role may do, applied after every migration by the owner."""

from django.conf import settings
from django.db import connection

APPEND_ONLY = ("csworkspace_auditentry",)
READ_ONLY = ("csworkspace_doorcrossing", "django_migrations")
GRANTS = """
grant usage on schema public to {app};
grant select, insert, update, delete on all tables in schema public to {app};
grant usage, select on all sequences in schema public to {app};
revoke truncate, references, trigger on all tables in schema public from {app};
"""


def apply_grants() -> None:
    """Grant the app's role what it needs and no more; run as the owner, idempotent."""
    with connection.cursor() as cursor:
        app = connection.ops.quote_name(settings.APP_ROLE)
        cursor.execute(GRANTS.format(app=app))
        for table in APPEND_ONLY:
            cursor.execute(f"revoke update, delete on {table} from {app}")
        for table in READ_ONLY:
            cursor.execute(f"revoke insert, update, delete on {table} from {app}")
        cursor.execute(f"grant execute on all functions in schema public to {app}")
