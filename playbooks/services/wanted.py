"""What accounts are owed by promise: one statement, whatever the number of accounts.

The statement follows PROMISE_RULE and ONCE_RULE of `periods`. Each account is held to ranges of days in which
one promise of a service applies (the tier it was placed in × that tier's version in effect, replaced by its
own terms where it has some). A part of a period is owed under the promise of the period's first day; if there
was none, under that of the part's first day, and else of the middle day.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.extras import Json

from accounts.accounts.models import Stage
from accounts.tiering.models import ServiceOverride
from accounts.tiers.models import Per, ServiceKind, ServiceLevel
from playbooks.services.periods import (
    MONTHS_OF,
    ONBOARDING_DAYS,
    ONCE_LENGTH_DAYS,
    RENEWAL_DUE_DAYS,
    RENEWAL_STARTS_DAYS,
    Part,
    parts_between,
)

# How far back what was owed is filled in when a service is new to an account, and when it is not:
# the second only makes up for days on which nothing ran.
BACKFILL_DAYS, CATCH_UP_DAYS = 400, 31
BACKFILL_RULE = (
    f"A service that is new to an account is filled in from its tier on, at most {BACKFILL_DAYS} days back, "
    "and never from before the account was a customer. For the time of a churn nothing is owed."
)
TABLE = """
create temporary table if not exists wanted_occurrence (
    account_id bigint, service_id bigint, tier_id bigint, owner_id bigint, period varchar(40), starts_on date,
    due_on date, grace_days smallint, missed_after date, hours numeric(6, 2), delivered_by varchar(12)
) on commit delete rows;
delete from wanted_occurrence
"""
# A promise holds from the day on which the account became a customer. What could not be kept in time any more
# when an account came back after a churn is not owed: the audit log knows the day.
# Overrides of one service may overlap: the one that began last holds, then the earlier one again.
FILL = """
insert into wanted_occurrence
with subject as materialized (
    select id, owner_id, customer_since, renewal_on from accounts_account
    where id = any(%(ids)s) and stage <> %(churned)s
), back as materialized (
    select object_id as account_id, (max(at) at time zone %(zone)s)::date as day from csworkspace_auditentry
    where object_type = 'account' and object_id = any(%(ids)s)
        and lower(before ->> 'stage') = %(churned)s and lower(after ->> 'stage') <> %(churned)s
    group by 1
), version as materialized (
    select id, tier_id, daterange(starts_on, lead(starts_on) over (partition by tier_id order by starts_on))
        as days
    from accounts_tierversion
), placed as (
    select account_id, tier_id,
        daterange(since, lead(since) over (partition by account_id order by since, id)) as days
    from accounts_tierplacement where account_id = any(%(ids)s)
), own as materialized (
    select account_id, service_id, times, per, hours, delivered_by, grace_days, is_owed,
        unnest(datemultirange(daterange(starts_on, ends_on + 1)) - coalesce((
            select range_agg(daterange(later.starts_on, later.ends_on + 1))
            from accounts_serviceoverride later
            where later.account_id = one.account_id and later.service_id = one.service_id
                and later.starts_on > one.starts_on), '{}')) as days
    from accounts_serviceoverride one where account_id = any(%(ids)s)
), own_days as materialized (
    select account_id, service_id, range_agg(days) as days from own group by 1, 2
), by_tier as (
    select placed.account_id, placed.tier_id, level.service_id, level.times, level.per, level.hours,
        level.delivered_by, level.grace_days, unnest(
            datemultirange(placed.days * version.days) - coalesce(own_days.days, '{}')) as days
    from placed
    join version on version.tier_id = placed.tier_id and version.days && placed.days
    join accounts_servicelevel level on level.version_id = version.id
    left join own_days on own_days.account_id = placed.account_id and own_days.service_id = level.service_id
), held as materialized (
    select promise.account_id, promise.tier_id, promise.service_id, promise.times, promise.per,
        promise.hours, promise.delivered_by, promise.grace_days, subject.owner_id, subject.customer_since,
        subject.renewal_on, back.day as back_on,
        promise.days * daterange(subject.customer_since, null) as days,
        case when known.account_id is null then %(backfill)s else %(catch_up)s end::date as fill_from
    from (
        select * from by_tier
        union all
        select account_id, null, service_id, times, per, hours, delivered_by, grace_days, days
        from own where is_owed
    ) promise
    join subject on subject.id = promise.account_id
    left join back on back.account_id = promise.account_id
    join accounts_service service on service.id = promise.service_id and service.kind <> %(response)s
    left join (select distinct account_id, service_id from playbooks_serviceoccurrence
               where account_id = any(%(ids)s) and asked_at is null and created_at < %(midnight)s) known
        on known.account_id = promise.account_id and known.service_id = promise.service_id
), part as materialized (
    select * from jsonb_to_recordset(%(parts)s) as part (per text, times int, period text, starts_on date,
        due_on date, promised_on date, middle date, length int)
), dated as (
    select held.*, part.period, part.starts_on, part.due_on, part.promised_on, part.middle, part.length
    from held join part on part.per = held.per and part.times = held.times
    union all
    select held.*, 'onboarding', customer_since, customer_since + %(onboarding_days)s, customer_since,
        customer_since + %(onboarding_days)s / 2, %(once_length)s
    from held where per = 'onboarding'
    union all
    select held.*, 'renewal ' || to_char(renewal_on, 'YYYY-MM-DD'), renewal_on - %(renewal_starts)s,
        renewal_on - %(renewal_due)s, renewal_on - %(renewal_starts)s,
        renewal_on - (%(renewal_starts)s + %(renewal_due)s) / 2, %(once_length)s
    from held where per = 'renewal'
), candidate as materialized (
    select * from dated where due_on >= fill_from and starts_on <= %(until)s
        and (days @> promised_on or days @> starts_on or days @> middle)
        and (back_on is null or due_on + grace_days >= back_on)
), owed as (
    select * from candidate where days @> promised_on
    union all
    select * from candidate where days @> starts_on and not days @> promised_on
        and not exists (select from held before where before.account_id = candidate.account_id
            and before.service_id = candidate.service_id and before.days @> candidate.promised_on)
    union all
    select * from candidate where days @> middle and not days @> starts_on and not days @> promised_on
        and not exists (select from held before where before.account_id = candidate.account_id
            and before.service_id = candidate.service_id
            and (before.days @> candidate.promised_on or before.days @> candidate.starts_on))
)
select account_id, service_id, tier_id, owner_id, period, starts_on, due_on, grace_days,
    due_on + greatest(length, grace_days), hours, delivered_by
from owed;
analyze wanted_occurrence
"""


def fill_wanted(cursor: Any, account_ids: Sequence[int], *, today: date, zone: str, until: date) -> None:
    """Fill the temporary table `wanted_occurrence` with all that these accounts are owed.

    For parts that begin by `until`; five statements. A service is new to an account for the whole day on
    which it came, so that doing it again finds the same.
    """
    cadences = _cadences(account_ids)
    since = today - timedelta(days=BACKFILL_DAYS)
    parts = [
        _values(per, times, part)
        for per, times in sorted(cadences)
        for part in parts_between(per, times, since, until)
    ]
    cursor.execute(TABLE)
    cursor.execute(
        FILL,
        {
            "ids": list(account_ids),
            "parts": Json(parts),
            "until": until,
            "midnight": midnight(today, zone),
            "zone": zone,
            "backfill": since,
            "catch_up": today - timedelta(days=CATCH_UP_DAYS),
            "churned": Stage.CHURNED.value,
            "response": ServiceKind.RESPONSE.value,
            "onboarding_days": ONBOARDING_DAYS,
            "renewal_starts": RENEWAL_STARTS_DAYS,
            "renewal_due": RENEWAL_DUE_DAYS,
            "once_length": ONCE_LENGTH_DAYS,
        },
    )


def midnight(day: date, zone: str) -> datetime:
    """The moment at which a day begins on the clocks of a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def _cadences(account_ids: Sequence[int]) -> set[tuple[str, int]]:
    """The calendar cadences in use, such as ("quarter", 2); one query."""
    levels = ServiceLevel.objects.filter(per__in=MONTHS_OF.keys() | {Per.WEEK}).values_list("per", "times")
    own = ServiceOverride.objects.filter(account_id__in=account_ids, per__in=MONTHS_OF.keys() | {Per.WEEK})
    return set(levels.order_by().union(own.order_by().values_list("per", "times")))


def _values(per: str, times: int, part: Part) -> dict[str, Any]:
    return {
        "per": per,
        "times": times,
        "period": part.key,
        "starts_on": part.starts_on.isoformat(),
        "due_on": part.ends_on.isoformat(),
        "promised_on": part.promised_on.isoformat(),
        "middle": part.middle.isoformat(),
        "length": part.days,
    }
