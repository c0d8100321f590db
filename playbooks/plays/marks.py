"""Changes of stage and tier, seen exactly once.

A mark keeps what triggers last saw of an account. Comparing and setting it is one transaction with what the
change starts, under the mark's lock: of two who look at once, one sees the change. An account that is seen
for the first time has not changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from playbooks.plays.clock import now

SEED = """
insert into playbooks_accountmark (account_id, stage, tier_id, seen_at)
select account.id, account.stage, account.tier_id, %(now)s from accounts_account account
where account.id = any(%(ids)s)
    and not exists (select from playbooks_accountmark mark where mark.account_id = account.id)
order by account.id
on conflict (workspace_id, account_id) do nothing
"""
# A statement of its own: the next one sees what was committed before these locks were given.
LOCK = "select id from playbooks_accountmark where account_id = any(%(ids)s) order by id for no key update"
COMPARE_AND_SET = """
with fresh as (
    select mark.id, mark.stage as old_stage, mark.tier_id as old_tier, account.stage, account.tier_id
    from playbooks_accountmark mark join accounts_account account on account.id = mark.account_id
    where mark.account_id = any(%(ids)s)
        and (mark.stage <> account.stage or mark.tier_id is distinct from account.tier_id)
)
update playbooks_accountmark mark set stage = fresh.stage, tier_id = fresh.tier_id, seen_at = %(now)s
from fresh where mark.id = fresh.id
returning mark.account_id, fresh.old_stage, fresh.stage, fresh.old_tier, fresh.tier_id
"""


@dataclass(frozen=True)
class Moved:
    """An account whose stage or tier changed; `at` is when that was seen."""

    account_id: int
    old_stage: str
    stage: str
    old_tier: int | None
    tier: int | None
    at: datetime

    @property
    def is_stage(self) -> bool:
        """Whether the stage changed."""
        return self.old_stage != self.stage

    @property
    def is_tier(self) -> bool:
        """Whether the tier changed."""
        return self.old_tier != self.tier


def see_changes(account_ids: Sequence[int]) -> list[Moved]:
    """Which of these accounts changed since they were last seen; three statements.

    Whoever asks must act on it in the same transaction: nobody is told again.
    """
    moment = now()
    values: dict[str, Any] = {"ids": sorted(set(account_ids)), "now": moment}
    with connection.cursor() as cursor:
        cursor.execute(SEED, values)
        cursor.execute(LOCK, values)
        cursor.execute(COMPARE_AND_SET, values)
        return [Moved(row[0], row[1], row[2], row[3], row[4], moment) for row in sorted(cursor.fetchall())]
