"""Keeping the services owed in step with what is promised: made, changed, removed, waived.

All open rows are locked first, in one order over all statements, so that two generations, or a generation and
a person who delivers many, wait for each other and never deadlock; the unique key decides who makes a row.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.accounts.models import Stage
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.events.registry import announce
from csworkspace.tenancy.clock import today, zone
from playbooks.services.periods import period_words
from playbooks.services.standing import refresh_service_standing
from playbooks.services.wanted import fill_wanted, midnight

# How far ahead what is owed is made, so that the next period can be planned.
AHEAD_DAYS = 30
CHUNK = 1000
CHURNED = "The account has churned."
MOVED = "The renewal has another date now."

# All that the statements below may take; what was missed before today stays as it is.
LOCK = """
select id from playbooks_serviceoccurrence where account_id = any(%(ids)s) and delivered_on is null
    and (missed_after >= %(today)s or waived_at is not null or created_at >= %(midnight)s)
order by id for update
"""
# What is open when an account churns is owed no more, nor what led up to a renewal that moved
# before its time. What was late by then stays late: it was promised, and not kept.
WAIVE = """
with waived as (
    select one.id, case when account.stage = %(churned)s then %(reason_churned)s else %(reason_moved)s end
        as reason
    from playbooks_serviceoccurrence one
    join accounts_account account on account.id = one.account_id
    where one.account_id = any(%(ids)s) and one.delivered_on is null and one.waived_at is null
        and one.starts_on <= %(today)s
        and (account.stage = %(churned)s and coalesce(one.answer_by >= %(now)s,
                one.due_on + one.grace_days >= %(today)s)
            or one.period like 'renewal %%' and one.due_on >= %(today)s
                and one.period <> 'renewal ' || coalesce(to_char(account.renewal_on, 'YYYY-MM-DD'), ''))
    order by one.id for update of one
)
update playbooks_serviceoccurrence one set waived_at = %(now)s, waived_reason = waived.reason
from waived, accounts_service service
where one.id = waived.id and service.id = one.service_id
returning one.account_id, one.id, service.name, one.period, one.waived_reason
"""
# A churn or another date that was taken back: what was waived for it is owed again. Nobody else gives
# these reasons (see `actions.waive_service`).
RESTORE = """
with again as (
    select one.id from playbooks_serviceoccurrence one
    join wanted_occurrence wanted on wanted.account_id = one.account_id
        and wanted.service_id = one.service_id and wanted.period = one.period
    where one.account_id = any(%(ids)s) and one.delivered_on is null and one.waived_at is not null
        and one.waived_reason in (%(reason_churned)s, %(reason_moved)s)
    order by one.id for update of one
), before as (select one.id, one.waived_reason from playbooks_serviceoccurrence one join again using (id))
update playbooks_serviceoccurrence one set waived_at = null, waived_reason = ''
from before, accounts_service service
where one.id = before.id and service.id = one.service_id
returning one.account_id, one.id, service.name, one.period, before.waived_reason
"""
# Only what has not begun before today, or was made today, may still change: so a change that is taken back
# the same day leaves nothing. What had begun before stays as it was promised.
REMOVE = """
with gone as (
    select id from playbooks_serviceoccurrence one
    where account_id = any(%(ids)s) and starts_on <= %(until)s
        and (starts_on >= %(today)s or created_at >= %(midnight)s)
        and delivered_on is null and waived_at is null and asked_at is null
        and not exists (select from wanted_occurrence wanted where wanted.account_id = one.account_id
            and wanted.service_id = one.service_id and wanted.period = one.period)
    order by id for update
)
delete from playbooks_serviceoccurrence one using gone where one.id = gone.id returning account_id
"""
CHANGE = """
with changed as (
    select one.id, wanted.* from playbooks_serviceoccurrence one
    join wanted_occurrence wanted on wanted.account_id = one.account_id
        and wanted.service_id = one.service_id and wanted.period = one.period
    where one.account_id = any(%(ids)s) and (one.starts_on >= %(today)s or one.created_at >= %(midnight)s)
        and one.delivered_on is null and one.waived_at is null
        and (one.tier_id, one.starts_on, one.due_on, one.grace_days, one.missed_after, one.hours,
             one.delivered_by)
            is distinct from (wanted.tier_id, wanted.starts_on, wanted.due_on, wanted.grace_days,
             wanted.missed_after, wanted.hours, wanted.delivered_by)
    order by one.id for update of one
)
update playbooks_serviceoccurrence one set tier_id = changed.tier_id, starts_on = changed.starts_on,
    due_on = changed.due_on, grace_days = changed.grace_days, missed_after = changed.missed_after,
    hours = changed.hours, delivered_by = changed.delivered_by
from changed where one.id = changed.id returning one.account_id
"""
# One that was given to a colleague stays there, until the account comes to them as well, or they have left.
FOLLOW = """
with moved as (
    select one.id, account.owner_id from playbooks_serviceoccurrence one
    join accounts_account account on account.id = one.account_id
    left join csworkspace_membership holder on holder.id = one.owner_id
    where one.account_id = any(%(ids)s) and one.delivered_on is null and one.waived_at is null
        and one.missed_after >= %(today)s
        and case when one.is_reassigned
            then one.owner_id is not distinct from account.owner_id or not holder.is_active
            else one.owner_id is distinct from account.owner_id end
    order by one.id for update of one
)
update playbooks_serviceoccurrence one set owner_id = moved.owner_id, is_reassigned = false
from moved where one.id = moved.id returning one.account_id
"""
MAKE = """
insert into playbooks_serviceoccurrence (account_id, service_id, tier_id, owner_id, period, starts_on, due_on,
    grace_days, missed_after, hours, delivered_by, subject, deliverer, note, proof_page, proof_title,
    waived_reason, created_at)
select account_id, service_id, tier_id, owner_id, period, starts_on, due_on,
    grace_days, missed_after, hours, delivered_by, '', '', '', '', '', '', %(now)s
from wanted_occurrence wanted
where not exists (select from playbooks_serviceoccurrence one where one.account_id = wanted.account_id
    and one.service_id = wanted.service_id and one.period = wanted.period)
order by account_id, service_id, period
on conflict (workspace_id, account_id, service_id, period) do nothing
returning account_id
"""


@transaction.atomic
def generate_occurrences(account_ids: Sequence[int], *, until: date, by: Actor) -> int:
    """Make what these accounts are owed in periods that begin by `until`; the number of rows that changed.

    A constant number of statements: give up to CHUNK accounts at once. Doing it again changes nothing.
    """
    ids = sorted(set(account_ids))
    if not ids:
        return 0
    day, now, clock = today(), timezone.now(), zone()
    values: dict[str, Any] = {
        "ids": ids,
        "today": day,
        "midnight": midnight(day, clock),
        "now": now,
        "until": until,
        "churned": Stage.CHURNED.value,
        "reason_churned": CHURNED,
        "reason_moved": MOVED,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK, values)
        is_kept = bool(cursor.rowcount)
        fill_wanted(cursor, ids, today=day, zone=clock, until=until)
        # The others take only rows that are locked now: for accounts that are new there is nothing to take.
        touched = _bring_in_step(cursor, values, by) if is_kept else []
        cursor.execute(MAKE, values)
        touched += [account_id for (account_id,) in cursor.fetchall()]
    # Days pass too: what was open becomes late without a change of its row.
    passed = set(refresh_service_standing(ids, on=day, now=now)) - set(touched)
    if touched:
        announce("services.changed", by=by, account_ids=sorted(set(touched)))
    if passed:
        announce("book.changed", by=by, account_ids=sorted(passed))
    return len(touched)


def _bring_in_step(cursor: Any, values: dict[str, Any], by: Actor) -> list[int]:
    cursor.execute(WAIVE, values)
    waived = cursor.fetchall()
    cursor.execute(RESTORE, values)
    restored = cursor.fetchall()
    _audit(cursor, waived, restored, by)
    touched = [row[0] for row in (*waived, *restored)]
    for statement in (REMOVE, CHANGE, FOLLOW):
        cursor.execute(statement, values)
        touched += [account_id for (account_id,) in cursor.fetchall()]
    return touched


def _audit(cursor: Any, waived: list[tuple[Any, ...]], restored: list[tuple[Any, ...]], by: Actor) -> None:
    entries = [
        audit_rows("waived", pk, f"{name}, {period_words(period)}", {}, {"reason": reason})
        for _, pk, name, period, reason in waived
    ]
    entries += [
        audit_rows("reopened", pk, f"{name}, {period_words(period)}", {"waived": reason}, {})
        for _, pk, name, period, reason in restored
    ]
    if entries:
        insert_audit(cursor.cursor, by, "serviceoccurrence", entries)
