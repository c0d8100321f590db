"""Statistics of the event table, which PostgreSQL does not collect of a partitioned table by itself."""

from django.db import migrations

# Only its owner may collect them, and the app's role owns nothing. Who finds the table being analyzed
# goes on: somebody else collects.
COLLECT = """
create function collect_event_statistics() returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    analyze (skip_locked) accounts_event;
end $$;
revoke all on function collect_event_statistics() from public;
"""


class Migration(migrations.Migration):
    """One more function that runs with the owner's rights; it tells and takes nothing."""

    dependencies = [("accounts", "0004_signals_and_plays")]
    operations = [migrations.RunSQL(COLLECT, "drop function collect_event_statistics()")]
