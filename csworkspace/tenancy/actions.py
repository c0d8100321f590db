"""Making a workspace."""

from django.db import connection, transaction

from csworkspace.tenancy.database import enter_workspace
from csworkspace.tenancy.models import Workspace


@transaction.atomic
def create_workspace(name: str, slug: str, *, timezone: str = "UTC", currency: str = "USD") -> Workspace:
    """Create a workspace and leave it open for the rest of the transaction.

    The id is drawn first, because the wall only accepts a workspace's row from
    inside that workspace. Raises IntegrityError if the slug is taken.
    """
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('csworkspace_workspace', 'id'))")
        workspace_id = cursor.fetchone()[0]
    enter_workspace(workspace_id)
    return Workspace.objects.create(
        id=workspace_id, name=name, slug=slug, timezone=timezone, currency=currency
    )
