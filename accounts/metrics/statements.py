"""The SQL that measures.

The value of day x is the aggregate over the events of the days (x - window, x]. It is
built from changes: what an active day d adds on d leaves again on d + window, and a
running sum over the changes is the value. A person (or feature) counts as present from
an active day until window days after the last one; only coming and going are changes.

There is a row for each day on which the window could have changed: an active day, or
the day on which one has left the window. Between rows values hold.

Each account's events are read by index for its span of days alone, whatever the size
of the tables: LATERAL with an aggregate, or OFFSET 0, keeps the planner from reading
more. The constant bounds let it leave out the months that are not needed.
"""

from accounts.metrics.models import Aggregation

# One row per active day: `amount` comes on that day and leaves after the window.
AMOUNTS = {
    Aggregation.COUNT: "count(*)::numeric",
    Aggregation.SUM: "sum(quantity)",
    Aggregation.DAYS: "1::numeric",
}
BY_DAY = """
    select span.r, account_id, change.day, sum(change.amount) as amount from span
    cross join lateral (
        select {local_day} as day, {amount} as amount
        from accounts_event event where {in_span} group by 1
    ) used
    cross join lateral (values (used.day, used.amount), (used.day + %(window)s, -used.amount))
        as change (day, amount)
    group by span.r, account_id, change.day
"""

# One row per active day and person or feature; of several identities of one contact, one.
WHO = {
    Aggregation.USERS: (
        "coalesce((select 'contact ' || contact_id from accounts_contactidentity identity "
        "where identity.value = used.who), used.who)",
        "user_key",
    ),
    Aggregation.FEATURES: ("used.who", "feature"),
}
BY_WHO = """
    select r, account_id, change.day, sum(change.amount) as amount from (
        select r, account_id, day,
            lag(day) over presence as before, lead(day) over presence as after
        from (
            select distinct span.r, account_id, used.day, {who} as who from span
            cross join lateral (
                select {local_day} as day, {column} as who
                from accounts_event event where {in_span} group by 1, 2
            ) used
        ) active
        window presence as (partition by r, who order by day)
    ) visit
    cross join lateral (values
        (day, case when before is null or day - before > %(window)s then 1 else 0 end),
        (day + %(window)s, case when after is null or after - day > %(window)s then -1 else 0 end)
    ) as change (day, amount)
    group by r, account_id, change.day
"""
LOCAL_DAY = "(event.occurred_at at time zone %(zone)s)::date"
IN_SPAN = """event.account_id = span.account_id
            and event.occurred_at >= span.since and event.occurred_at < span.until
            and event.occurred_at >= %(since)s and event.occurred_at < %(until)s{filter}"""

# A sum beyond what a measurement can hold is kept at the largest value there is.
MEASURE = """
with span as materialized (
    select row_number() over () as r, account_id, first, last,
        (first - %(window)s)::timestamp at time zone %(zone)s as since,
        (last + 1)::timestamp at time zone %(zone)s as until
    from unnest(%(accounts)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
        as given (account_id, first, last)
), changes as (
{changes}
), computed as (
    select account_id, day, least(value, 99999999999999) as value from (
        select r, account_id, day, sum(amount) over (partition by r order by day) as value from changes
    ) running join span using (r, account_id) where day between span.first and span.last
), current as (
    select account_id, found.* from span cross join lateral (
        select id, day, value from accounts_measurement measurement
        where measurement.account_id = span.account_id and metric_id = %(metric)s
            and superseded_at is null and day between span.first and span.last offset 0
    ) found
), difference as materialized (
    select account_id, day, current.id as old, computed.value as value
    from computed full join current using (account_id, day)
    where computed.value is distinct from current.value
), superseded as (
    update accounts_measurement set superseded_at = statement_timestamp()
    where id = any (array(select old from difference where old is not null)) returning account_id
), written as (
    insert into accounts_measurement (account_id, metric_id, day, value, source, note, actor, recorded_at)
    select account_id, %(metric)s, day, value, 'events', '', '', statement_timestamp() from difference
    -- Reading the first statement's rows makes it run first: only one row of a day may be current.
    where value is not null and (select count(*) from superseded) >= 0
    order by account_id, day returning account_id
)
select account_id from superseded union select account_id from written
"""

# States whose measurements have all been superseded and not written anew.
GONE = """
delete from accounts_metricstate state
where account_id = any(%(accounts)s::bigint[]) and metric_id = any(%(metrics)s::bigint[]) and not exists (
    select from accounts_measurement measurement
    where measurement.account_id = state.account_id and measurement.metric_id = state.metric_id
        and superseded_at is null and day <= %(today)s offset 0
)
returning account_id
"""

STATES = """
insert into accounts_metricstate as state (account_id, metric_id, day, value, previous)
select account_id, metric_id, latest.day, latest.value, before.value
from unnest(%(accounts)s::bigint[]) as account_id cross join unnest(%(metrics)s::bigint[]) as metric_id
cross join lateral (
    select day, value from accounts_measurement measurement
    where measurement.account_id = account_id.account_id and measurement.metric_id = metric_id.metric_id
        and superseded_at is null and day <= %(today)s
    order by day desc limit 1
) latest
left join lateral (
    select value from accounts_measurement measurement
    where measurement.account_id = account_id.account_id and measurement.metric_id = metric_id.metric_id
        and superseded_at is null and day <= %(today)s - 28
    order by day desc limit 1
) before on true
order by account_id, metric_id
on conflict (workspace_id, account_id, metric_id) do update
    set day = excluded.day, value = excluded.value, previous = excluded.previous
    where (state.day, state.value, state.previous)
        is distinct from (excluded.day, excluded.value, excluded.previous)
returning account_id
"""

# Accounts whose touched days nobody else is measuring; the lock on the account's row
# ends with the transaction and does not keep events from arriving.
CANDIDATES = """
select id from accounts_account where id = any (array(
    select distinct account_id from accounts_toucheddays where due <= %(today)s order by 1 limit %(many)s))
order by id limit %(limit)s for no key update skip locked
"""

# Their touched days, taken out of the queue, as runs: days that are no further apart
# than the shortest window would be measured in one go anyway.
TAKE = """
with taken as (
    delete from accounts_toucheddays where account_id = any(%(ids)s) and due <= %(today)s
    returning account_id, days
), touched as (
    select account_id, day, day - lag(day) over of_account > %(gap)s as begins
    from (select distinct account_id, unnest(days) as day from taken) days
    window of_account as (partition by account_id order by day)
)
select account_id, min(day), max(day), count(*) from (
    select account_id, day, count(*) filter (where begins) over (partition by account_id order by day) as run
    from touched
) runs group by account_id, run order by account_id, run
"""


def measure_sql(aggregation: str, feature_filter: str) -> str:
    """The statement that measures spans for one metric; see MEASURE for its parameters."""
    parts = {"local_day": LOCAL_DAY, "in_span": IN_SPAN.format(filter=feature_filter)}
    kind = Aggregation(aggregation)
    if kind in AMOUNTS:
        return MEASURE.format(changes=BY_DAY.format(amount=AMOUNTS[kind], **parts))
    who, column = WHO[kind]
    return MEASURE.format(changes=BY_WHO.format(who=who, column=column, **parts))
