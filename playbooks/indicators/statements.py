"""The SQL around a measure: whom it is asked of, judging with hysteresis, and writing what changed."""

from accounts.accounts.stages import STAGE_THEN as STAGE_THEN

SCOPE = """
scope as materialized (
    select account.id as account_id, account.tier_id, account.customer_since, account.renewal_on,
        account.updated_at, {attributes} as attributes, {outside} as outside
    from accounts_account account where {there}{within}
)"""

JUDGED = """
judged as materialized (
    select account_id, id, was_holds, was_since, was_number, was_value, was_compared, was_detail,
        case when outside is null then value end as value,
        case when outside is null then compared end as compared,
        case when outside = '?' then null when outside is not null then false when test is null then null
            when test {sign} %(begins)s::numeric then true
            when was_holds and test {sign} %(ends)s::numeric then true else false end as holds,
        case when outside is not null then jsonb_build_object('outside', outside)
            when test is null then jsonb_build_object('why', coalesce(why, %(why)s))
            else coalesce(detail, '{{}}'::jsonb) end as detail
    from (
        select scope.account_id, scope.outside, found.detail, found.why, {before},
            case when found.account_id is null then %(absent)s::numeric
                else round(found.value, 6) end as value,
            round(found.compared, 6) as compared,
            case when found.account_id is null then %(absent)s::numeric else found.test end as test
        from scope left join measured found on found.account_id = scope.account_id {prior}
        {only}
    ) found
)"""

EVALUATE = """
with {scope}, measured as materialized ({measured}), {judged}
select account_id, holds, value, compared, detail from judged order by account_id
"""

NOTHING_BEFORE = (
    "null::bigint as id, coalesce(scope.account_id = any(%(held)s::bigint[]), false) as was_holds, "
    "null::date as was_since, null::integer as was_number, null::numeric as was_value, "
    "null::numeric as was_compared, null::jsonb as was_detail"
)
BEFORE = (
    "prior.id, prior.holds as was_holds, prior.held_since as was_since, prior.number as was_number, "
    "prior.value as was_value, prior.compared as was_compared, prior.detail as was_detail"
)
PRIOR = """left join playbooks_reading prior on prior.account_id = scope.account_id
            and prior.indicator_id = %(indicator)s and prior.superseded_at is null"""
PRIOR_THEN = """left join lateral (
            select * from playbooks_reading kept where kept.account_id = scope.account_id
                and kept.indicator_id = %(indicator)s and kept.recorded_at < %(until)s
            order by kept.id desc limit 1) prior on true"""

# One statement: the difference to the current readings, their end, and the new ones. A number that only
# counts days is brought up to date where it stands: a new row every day would say nothing new.
WRITE = """
with {scope}, measured as materialized ({measured}), {judged}, difference as materialized (
    select * from judged where id is null or was_number <> %(number)s or was_holds is distinct from holds
        or was_compared is distinct from compared or was_detail is distinct from detail{or_value}
), superseded as (
    update playbooks_reading set superseded_at = statement_timestamp()
    where id = any (array(select id from difference where id is not null)) returning account_id
), refreshed as (
    update playbooks_reading reading set value = judged.value from judged
    where {counts_days} and reading.id = judged.id and reading.value is distinct from judged.value
        and not exists (select from difference where difference.id = judged.id)
), written as (
    insert into playbooks_reading (account_id, indicator_id, number, day, holds, value, compared, detail,
        held_since, recorded_at)
    select account_id, %(indicator)s, %(number)s, %(day)s, holds, value, compared, detail,
        case when holds and was_holds then was_since when holds then %(day)s::date end, statement_timestamp()
    from difference
    -- Reading the first statement's rows makes it run first: only one row may be current.
    where (select count(*) from superseded) >= 0 order by account_id
    on conflict (workspace_id, account_id, indicator_id) where superseded_at is null do nothing
    returning account_id
)
select coalesce(array_agg(account_id order by account_id), '{{}}') from written
"""
