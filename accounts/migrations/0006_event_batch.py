"""Stop checking the one batch of a load for every event of it."""

from django.db import migrations

DROP = "alter table accounts_event drop constraint accounts_event_workspace_id_batch_id_fkey"
ADD = (
    "alter table accounts_event add foreign key (workspace_id, batch_id) "
    "references accounts_batch (workspace_id, id)"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_lighter_event_tables")]

    operations = [migrations.RunSQL(DROP, ADD)]
