"""Keeping the history of tiers: one statement, whatever the number of accounts."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from csworkspace.audit.actor import Actor

# The newest placement up to the day tells the tier that was last written down. A planned move that is
# due and not made yet does not: another change of the account must not undo it.
NOTE = """
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
"""


def note_placements(account_ids: Iterable[int] | None, today: date, *, by: Actor, reason: str = "") -> int:
    """Write down the tiers that accounts (None: all) are in now and were not before; how many."""
    ids = None if account_ids is None else sorted(set(account_ids))
    values = {"ids": ids, "today": today, "reason": reason[:300], "actor": by.label[:160]}
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)
        return int(cursor.rowcount)
