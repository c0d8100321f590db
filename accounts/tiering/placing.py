"""Keeping the history of tiers: one statement, whatever the number of accounts."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.web import times

THERE_ALREADY = "The account is in that tier already."

# The newest placement up to the day tells the tier that was last written down. A planned move that is
# due and not made yet does not: another change of the account must not undo it. A move that is planned
# into the tier that an account has just come into leads nowhere any more, unless another comes between.
NOTE = """
with noted as (
    insert into accounts_tierplacement (account_id, tier_id, since, reason, actor, recorded_at)
    select account.id, account.tier_id, %(today)s, %(reason)s, %(actor)s, now()
    from accounts_account account
    left join lateral (
        select tier_id from accounts_tierplacement placement
        where placement.account_id = account.id and placement.since <= %(today)s and not placement.is_planned
        order by placement.since desc, placement.id desc limit 1) last on true
    where (%(ids)s::bigint[] is null or account.id = any(%(ids)s::bigint[]))
        and last.tier_id is distinct from account.tier_id
    order by account.id
    returning account_id, tier_id
), dropped as (
    delete from accounts_tierplacement planned using noted
    where planned.account_id = noted.account_id and planned.is_planned
        and planned.tier_id is not distinct from noted.tier_id
        and not exists (
            select from accounts_tierplacement between_them
            where between_them.account_id = planned.account_id and between_them.is_planned
                and between_them.since < planned.since
                and between_them.tier_id is distinct from planned.tier_id)
    returning planned.account_id, planned.tier_id, planned.since
)
select total.noted, account.id, account.name, coalesce(tier.name, 'No tier'), dropped.since
from (select count(*) noted from noted) total
left join dropped on true
left join accounts_account account on account.id = dropped.account_id
left join accounts_tier tier on tier.id = dropped.tier_id
order by account.id, dropped.since
"""


def note_placements(account_ids: Iterable[int] | None, today: date, *, by: Actor, reason: str = "") -> int:
    """Write down the tiers that accounts (None: all) are in now and were not before; how many.

    Moves that are planned into the tier that an account came into are dropped, with an audit entry.
    """
    ids = None if account_ids is None else sorted(set(account_ids))
    values = {"ids": ids, "today": today, "reason": reason[:300], "actor": by.label[:160]}
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)
        found = cursor.fetchall()
        dropped = [_entry(*row[1:]) for row in found if row[1] is not None]
        if dropped:
            insert_audit(cursor.cursor, by, "account", dropped)
    return int(found[0][0])


def _entry(pk: int, name: str, tier: str, since: date) -> tuple[object, ...]:
    before = {"tier": tier, "from": times.day(since)}
    return audit_rows("cancelled a move", pk, name, before, {"reason": THERE_ALREADY})
