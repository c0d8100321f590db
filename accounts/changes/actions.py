"""Changing many accounts in one go, and undoing it: compare, set, remember."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import Json, execute_values

from accounts.accounts.models import Account
from accounts.accounts.settling import settle_accounts
from accounts.changes.fields import FIELDS, Change, check_values, gone_values, words_of
from accounts.changes.models import ALREADY_SO, CHANGED_SINCE, MADE, ChangeSet
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job

UNDO_JOB = "undo changes"
UNDONE = "This was undone already."
# Who reads `before` as it is now, and nobody else, gets `after`: the row's lock decides between two.
SET = """
update accounts_account account set {column} = fresh.after, updated_at = now()
from (values %s) as fresh (id, before, after)
where account.id = fresh.id and account.{column} is not distinct from fresh.before
    and account.{column} is distinct from fresh.after
returning account.id, account.name
"""
KEEP = "insert into accounts_changedvalue (change_set_id, account_id, field, before, after) values %s"


@transaction.atomic
def apply_changes(
    kind: str, title: str, changes: Sequence[Change], *, by: Actor, reason: str = ""
) -> ChangeSet:
    """Make the changes whose account still has the value `before`; the others are passed over and counted.

    A constant number of statements per field and 5,000 accounts. Raises ChangeRefused for values that
    cannot be.
    """
    change_set = open_changes(kind, title, by=by, reason=reason)
    append_changes(change_set, changes, by=by)
    return change_set


@transaction.atomic
def open_changes(kind: str, title: str, *, by: Actor, reason: str = "") -> ChangeSet:
    """A change set without changes yet, for work that comes in parts."""
    return ChangeSet.objects.create(
        kind=kind, title=title[:200], reason=reason[:300], actor=by.label[:160], actor_id=by.user_id
    )


@transaction.atomic
def append_changes(
    change_set: ChangeSet,
    changes: Sequence[Change],
    *,
    by: Actor,
    looked_at: int | None = None,
    passed: Mapping[str, int] | None = None,
) -> list[Change]:
    """Make changes as a part of a change set; those that were made.

    `looked_at`: how many changes were asked for, with those that need none; `change_set.asked` grows by it,
    so that work in parts knows where to go on. `passed`: how many of these were passed over for which
    reason. The audit entry keeps it. Raises ChangeRefused, and ValueError if it was undone.
    """
    check_values(changes)
    locked = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if locked.undone_at:
        raise ValueError("This was undone before it was complete.")
    made = write_changes(changes, by=by, reason=change_set.reason)
    keep_values(change_set, made)
    asked = len(changes) if looked_at is None else looked_at
    change_set.asked, change_set.made = locked.asked + asked, locked.made + len(made)
    change_set.save(update_fields=["asked", "made"])
    counts = {"changes": len(made), "passed over": asked - len(made)}
    record(MADE, change_set, by=by, after={**counts, **why_not(changes, made, passed or {}, asked)})
    return made


def why_not(
    changes: Sequence[Change], made: Sequence[Change], passed: Mapping[str, int], asked: int
) -> dict[str, int]:
    """How many were passed over for which reason: those that are given, and what was found when writing."""
    counts = {reason: number for reason, number in passed.items() if number}
    same = sum(change.before == change.after for change in changes)
    if same:
        counts[ALREADY_SO] = counts.get(ALREADY_SO, 0) + same
    rest = asked - len(made) - sum(counts.values())
    if rest > 0:
        counts[CHANGED_SINCE] = counts.get(CHANGED_SINCE, 0) + rest
    return counts


@transaction.atomic
def undo_changes(change_set: ChangeSet, *, by: Actor) -> ChangeSet:
    """Set back every value that is still as the change left it. Raises ValueError if it was undone before.

    What was before may be gone (a tier out of use, a colleague who left): such a value stays as it is.
    """
    change_set = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if change_set.undone_at:
        raise ValueError(UNDONE)
    back = [
        Change(value.account_id, value.field, value.after, value.before)
        for value in change_set.values.order_by("id")
    ]
    gone = gone_values(back)
    back = [change for change in back if change.after not in gone.get(change.field, ())]
    undone = write_changes(back, by=by, reason=f"Undone: {change_set.title}")
    change_set.undone_at, change_set.undone_by = timezone.now(), by.label[:160]
    change_set.undone = len(undone)
    change_set.save(update_fields=["undone_at", "undone_by", "undone"])
    record("undone", change_set, by=by, after={"changes": len(undone), "of": change_set.made})
    return change_set


@transaction.atomic
def request_undo(change_set: ChangeSet, *, by: Actor) -> Job:
    """Undo a change set in a job, for one with very many values. Raises ValueError as `undo_changes`."""
    if change_set.undone_at:
        raise ValueError(UNDONE)
    title = f"Undo: {change_set.title}"
    return start_job(UNDO_JOB, title, by=by, key=str(change_set.pk), change_set=change_set.pk)


def write_changes(changes: Iterable[Change], *, by: Actor, reason: str = "") -> list[Change]:
    """Set the values, with an audit entry each; the changes that were made."""
    by_field: dict[str, dict[int, Change]] = {}
    for change in changes:
        by_field.setdefault(change.field, {})[change.account_id] = change
    lock_accounts({pk for found in by_field.values() for pk in found})
    words, made = words_of(by_field), []
    with connection.cursor() as cursor:
        for field, wanted in sorted(by_field.items()):
            names = set_values(cursor.cursor, field, list(wanted.values()))
            done = [wanted[pk] for pk in sorted(names)]
            entries = [_entry(change, names[change.account_id], words[field], reason) for change in done]
            insert_audit(cursor.cursor, by, "account", entries)
            made += done
    settle_accounts(sorted({change.account_id for change in made}), by=by, reason=reason)
    return made


def lock_accounts(account_ids: Iterable[int]) -> None:
    """Lock accounts in one order, so that two changes of many never wait for each other in a circle."""
    found = Account.objects.filter(pk__in=sorted(account_ids)).order_by("pk")
    list(found.select_for_update().values_list("pk"))


def set_values(raw: Any, field: str, changes: Sequence[Change]) -> dict[int, str]:
    """One field of many accounts (psycopg2 cursor); id → name of those that were changed."""
    about = FIELDS[field]
    rows = [(c.account_id, about.read(c.before), about.read(c.after)) for c in changes]
    template = f"(%s::bigint, %s::{about.type}, %s::{about.type})"
    sql = SET.format(column=about.column)
    return dict(execute_values(raw, sql, rows, template=template, page_size=len(rows) or 1, fetch=True))


def keep_values(change_set: ChangeSet, made: Sequence[Change]) -> None:
    """Remember what was changed."""
    rows = [(change_set.pk, c.account_id, c.field, Json(c.before), Json(c.after)) for c in made]
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, KEEP, rows, page_size=5000)


def _entry(change: Change, name: str, words: Any, reason: str) -> tuple[Any, ...]:
    after = {change.field: words(change.after), **({"reason": reason} if reason else {})}
    verb = f"changed {FIELDS[change.field].label}"
    return audit_rows(verb, change.account_id, name, {change.field: words(change.before)}, after)
