"""Make months of events safely when two ask for the same one at once.

Names are looked up in a cache that waiting for an advisory lock does not renew; a query
of the catalogue sees what the other one has made.
"""

from django.db import migrations

from csworkspace.tenancy.operations import wall_sql

WALL_OF_PART = " ".join(
    f"execute format($wall${statement.replace(chr(34) + 'PART' + chr(34), '%I')}$wall$, part);"
    for statement in wall_sql("PART", "account_id")
)
PARTITIONS = r"""
create or replace function ensure_event_months(first date, last date) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    month date := date_trunc('month', first);
    part text;
    made integer := 0;
begin
    if first < date '1990-01-01' or last > current_date + 800 then
        raise exception 'event months from % to % are out of range', first, last;
    end if;
    while month <= last loop
        part := 'accounts_event_' || to_char(month, 'YYYYMM');
        if not exists (select from pg_class where oid = to_regclass(part)) then
            perform pg_advisory_xact_lock(hashtext('event months'));
            if not exists (select from pg_class
                           where relname = part and relnamespace = 'public'::regnamespace) then
                execute format('create table %I partition of accounts_event for values from (%L) to (%L)',
                    part, month::timestamp at time zone 'UTC',
                    (month + interval '1 month')::timestamp at time zone 'UTC');
                {wall}
                made := made + 1;
            end if;
        end if;
        month := month + interval '1 month';
    end loop;
    return made;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_event_batch")]

    operations = [migrations.RunSQL(PARTITIONS.replace("{wall}", WALL_OF_PART), migrations.RunSQL.noop)]
