"""Raise the wall around the ground's tables, and build the one door."""

from django.db import migrations

from csworkspace.tenancy.operations import RaiseWall

WORKSPACE = "(select nullif(current_setting('app.workspace', true), '')::bigint)"
PERSON = "(select nullif(current_setting('app.user', true), '')::bigint)"

# A person sees their own memberships before any workspace is open, and the
# workspaces they belong to; nothing can be written that way.
PEOPLE = f"""
create policy own on csworkspace_membership for select using (user_id = {PERSON});
alter table csworkspace_workspace enable row level security;
alter table csworkspace_workspace force row level security;
create policy wall on csworkspace_workspace using (id = {WORKSPACE}) with check (id = {WORKSPACE});
create policy own on csworkspace_workspace for select using (
    id in (select workspace_id from csworkspace_membership where user_id = {PERSON}));
create policy directory on csworkspace_workspace for select to current_user using (true);
"""

# Runs as the owner of the tables, the only role the "directory" policy is for.
DOOR = """
create function open_door(why text) returns table (id bigint, slug varchar)
language sql volatile security definer set search_path = public, pg_temp as $$
    insert into csworkspace_doorcrossing (reason, day, crossings, last_at)
    values (left(why, 120), current_date, 1, clock_timestamp())
    on conflict (reason, day) do update
        set crossings = csworkspace_doorcrossing.crossings + 1, last_at = excluded.last_at;
    select w.id, w.slug from csworkspace_workspace w order by w.id;
$$;
revoke all on function open_door(text) from public;
"""


class Migration(migrations.Migration):
    """Policies, composite keys, and the door."""

    dependencies = [("csworkspace", "0001_initial")]
    operations = [
        RaiseWall("Membership", "Invitation", "ApiKey", "AuditEntry", "StoredFile", "Job"),
        migrations.RunSQL(PEOPLE, migrations.RunSQL.noop),
        migrations.RunSQL(DOOR, "drop function open_door(text)"),
    ]
