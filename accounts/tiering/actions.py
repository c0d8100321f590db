"""Moving accounts between tiers by suggestion or by plan, and pinning them where they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values

from accounts.accounts.models import Account
from accounts.changes.actions import apply_changes, lock_accounts
from accounts.changes.fields import Change, ChangeRefused, check_values
from accounts.changes.models import ChangeSet
from accounts.tiering.models import TierPlacement
from accounts.tiers.models import Tier
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.formats import plural

# The row that the change has just written is each account's newest one.
EXPLAIN = """
update accounts_tierplacement placement set reason = fresh.reason
from (values %s) as fresh (account_id, reason)
where placement.id = (select id from accounts_tierplacement last where last.account_id = fresh.account_id
    and not last.is_planned order by since desc, id desc limit 1)
"""


@dataclass(frozen=True)
class Move:
    """An account from the tier that was seen to another one, and why."""

    account_id: int
    before: int | None
    after: int | None
    reason: str

    @property
    def change(self) -> Change:
        """The same as a change of the account."""
        return Change(self.account_id, "tier", self.before, self.after)


@dataclass(frozen=True)
class Plans:
    """How many moves were planned, and how many older plans of their accounts they replaced."""

    made: int
    replaced: int


@transaction.atomic
def accept_moves(moves: Sequence[Move], *, by: Actor, title: str) -> ChangeSet:
    """Make moves now; those whose account is in another tier by now are passed over and counted.

    The history keeps each account's own reason. Raises ChangeRefused.
    """
    made = apply_changes(
        "suggestion", title, [move.change for move in moves], by=by, reason="Suggested by revenue"
    )
    moved = set(made.values.values_list("account_id", flat=True))
    reasons = [(move.account_id, move.reason[:300]) for move in moves if move.account_id in moved]
    if reasons:
        with connection.cursor() as cursor:
            template = "(%s::bigint, %s)"
            execute_values(cursor.cursor, EXPLAIN, reasons, template=template, page_size=len(reasons))
    return made


@transaction.atomic
def plan_moves(moves: Sequence[Move], on: date, *, by: Actor) -> Plans:
    """Write moves down for a day to come; each replaces what was planned for its account before.

    Those whose account is in another tier by now are passed over. Raises ChangeRefused.
    """
    check_day(on)
    check_values([move.change for move in moves])
    lock_accounts(move.account_id for move in moves)
    found = Account.objects.in_bulk([move.account_id for move in moves])
    good = [
        move
        for move in moves
        if move.account_id in found
        and found[move.account_id].tier_id == move.before
        and move.after != move.before
    ]
    older = _drop_plans([move.account_id for move in good])
    TierPlacement.objects.bulk_create(_planned(move, on, by) for move in good)
    tiers = dict(Tier.objects.values_list("pk", "name"))
    told = [_plan_in_audit(move, found[move.account_id].name, on, tiers) for move in good]
    with connection.cursor() as cursor:
        insert_audit(cursor.cursor, by, "account", [*map(_replaced_in_audit, older), *told])
    return Plans(len(good), len(older))


def _drop_plans(account_ids: Sequence[int]) -> list[TierPlacement]:
    """Take the planned moves of these accounts away; what they were."""
    planned = TierPlacement.objects.filter(account__in=account_ids, is_planned=True)
    older = list(planned.select_related("account", "tier").order_by("account_id", "since", "id"))
    if older:
        TierPlacement.objects.filter(pk__in=[one.pk for one in older]).delete()
    return older


def _plan_in_audit(move: Move, name: str, on: date, tiers: Mapping[int, str]) -> tuple[Any, ...]:
    after = {"tier": tiers.get(move.after or 0, "No tier"), "from": times.day(on), "reason": move.reason}
    return audit_rows("planned a move", move.account_id, name, {}, after)


def _replaced_in_audit(older: TierPlacement) -> tuple[Any, ...]:
    before, after = _in_words(older), {"reason": "Another move was planned instead."}
    return audit_rows("cancelled a move", older.account_id, older.account.name, before, after)


def _in_words(planned: TierPlacement) -> dict[str, str]:
    return {"tier": str(planned.tier or "No tier"), "from": times.day(planned.since)}


def check_day(on: date) -> None:
    """Raise ChangeRefused unless the day is still to come."""
    if on <= today():
        raise ChangeRefused("A planned move needs a day that is still to come.")


def _planned(move: Move, on: date, by: Actor) -> TierPlacement:
    return TierPlacement(
        account_id=move.account_id,
        tier_id=move.after,
        since=on,
        is_planned=True,
        reason=move.reason[:300],
        actor=by.label[:160],
    )


@transaction.atomic
def cancel_move(planned: TierPlacement, *, by: Actor, why: str = "") -> bool:
    """Take a planned move back; False if it was made or cancelled meanwhile."""
    gone = TierPlacement.objects.select_for_update().filter(pk=planned.pk, is_planned=True).first()
    if gone is None:
        return False
    after = {"reason": why} if why else None
    record("cancelled a move", gone.account, by=by, before=_in_words(gone), after=after)
    gone.delete()
    return True


@transaction.atomic
def apply_planned_moves(*, by: Actor) -> int:
    """Make the moves whose day has come, oldest first; how many accounts changed tier.

    A move into a tier that has been retired meanwhile is cancelled, with the reason in the history.
    """
    due = TierPlacement.objects.filter(is_planned=True, since__lte=today())
    lock_accounts(due.values_list("account_id", flat=True))
    days: dict[date, list[TierPlacement]] = {}
    for planned in _newest(due.select_related("tier", "account").order_by("since", "id"), by):
        days.setdefault(planned.since, []).append(planned)
    # Before the accounts change: the history knows the tier then, and writes no second row.
    due.update(is_planned=False)
    return sum(_make_moves(day, moves, by) for day, moves in sorted(days.items()))


def _newest(due: Iterable[TierPlacement], by: Actor) -> list[TierPlacement]:
    """Each account's last move, without those that lead nowhere any more, which are removed."""
    found: dict[int, TierPlacement] = {}
    for planned in due:
        if planned.tier and planned.tier.retired_at:
            cancel_move(planned, by=by, why=f"{planned.tier} is not in use any more.")
        elif planned.account.tier_id == planned.tier_id:
            planned.delete()
        else:
            found[planned.account_id] = planned
    return list(found.values())


def _make_moves(day: date, moves: Iterable[TierPlacement], by: Actor) -> int:
    changes = [
        Change(planned.account_id, "tier", planned.account.tier_id, planned.tier_id) for planned in moves
    ]
    title = f"{plural(len(changes), 'planned move')} of {times.day(day)}"
    return apply_changes("planned", title, changes, by=by, reason=f"Planned for {times.day(day)}").made


@transaction.atomic
def pin_accounts(account_ids: Sequence[int], *, by: Actor, reason: str) -> ChangeSet:
    """Keep accounts in the tier they are in, whatever revenue suggests; who is pinned already stays so."""
    title = f"{plural(len(account_ids), 'account')} pinned"
    changes = [Change(pk, "tier_pinned", False, True) for pk in account_ids]
    made = apply_changes("pin", title, changes, by=by, reason=reason)
    Account.objects.filter(pk__in=made.values.values("account_id")).update(tier_pin_reason=reason[:300])
    return made


@transaction.atomic
def unpin_accounts(account_ids: Sequence[int], *, by: Actor) -> ChangeSet:
    """Let suggestions move accounts again."""
    changes = [Change(pk, "tier_pinned", True, False) for pk in account_ids]
    title = f"{plural(len(account_ids), 'account')} unpinned"
    return apply_changes("pin", title, changes, by=by)
