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
    select account_id, id, was_holds, was_held, was_day, was_since, was_number, was_value, was_compared,
        was_detail,
        case when outside is null then value end as value,
        case when outside is null then compared end as compared,
        case when outside = '?' then null when outside is not null then false when test is null then null
            when test {sign} %(begins)s::numeric then true
            when was_held and test {sign} %(ends)s::numeric then true else false end as holds,
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
    "null::bigint as id, null::boolean as was_holds, null::date as was_day, "
    "coalesce(scope.account_id = any(%(held)s::bigint[]), false) as was_held, "
    "null::date as was_since, null::integer as was_number, null::numeric as was_value, "
    "null::numeric as was_compared, null::jsonb as was_detail"
)
# Without data nothing ends: what held before still counts as held, and is told apart by its beginning.
BEFORE = (
    "prior.id, prior.holds as was_holds, prior.day as was_day, "
    "coalesce(prior.holds, prior.held_since is not null) as was_held, "
    "prior.held_since as was_since, prior.number as was_number, "
    "prior.value as was_value, prior.compared as was_compared, prior.detail as was_detail"
)
PRIOR = """left join playbooks_reading prior on prior.account_id = scope.account_id
            and prior.indicator_id = %(indicator)s and prior.superseded_at is null"""
PRIOR_THEN = """left join lateral (
            select * from playbooks_reading kept where kept.account_id = scope.account_id
                and kept.indicator_id = %(indicator)s and kept.recorded_at < %(until)s
                and (kept.superseded_at is null or kept.superseded_at >= %(until)s)
            order by kept.id desc limit 1) prior on true"""

# One statement: the difference to the current readings, their end, and the new ones. Other numbers of the
# same day that come to the same are written over, so that a busy day leaves one row; and a number that only
# counts days is brought up to date where it stands: a new row every day would say nothing new. Gives the
# accounts where anything differs, and those of them where it begins or ends to hold.
WRITE = """
with {scope}, measured as materialized ({measured}), {judged}, difference as materialized (
    select * from judged where id is null or was_number <> %(number)s or was_holds is distinct from holds
        or was_compared is distinct from compared or was_detail is distinct from detail{or_value}
), same_day as materialized (
    select * from difference where was_day = %(day)s::date and was_number = %(number)s
        and was_holds is not distinct from holds
), rewritten as (
    update playbooks_reading reading set value = same_day.value, compared = same_day.compared,
        detail = same_day.detail, counted_on = null
    from same_day where reading.id = same_day.id
), further as materialized (
    select * from difference where id is null or id not in (select id from same_day)
), superseded as (
    update playbooks_reading set superseded_at = statement_timestamp()
    where id = any (array(select id from further where id is not null)) returning account_id
), refreshed as (
    update playbooks_reading reading set value = judged.value, counted_on = %(day)s::date from judged
    where {counts_days} and reading.id = judged.id and reading.value is distinct from judged.value
        and not exists (select from difference where difference.id = judged.id)
), written as (
    insert into playbooks_reading (account_id, indicator_id, number, day, holds, value, compared, detail,
        held_since, recorded_at)
    select account_id, %(indicator)s, %(number)s, %(day)s, holds, value, compared, detail,
        case when holds is not false and was_held then was_since when holds then %(day)s::date end,
        statement_timestamp()
    from further
    -- Reading the first statement's rows makes it run first: only one row may be current.
    where (select count(*) from superseded) >= 0 order by account_id
    on conflict (workspace_id, account_id, indicator_id) where superseded_at is null do nothing
    returning account_id
), told as (
    select account_id, was_holds is distinct from holds as moved from difference
    where account_id in (select account_id from written union all select account_id from same_day)
)
select coalesce(array_agg(account_id order by account_id), '{{}}'),
    coalesce(array_agg(account_id order by account_id) filter (where moved), '{{}}') from told
"""
