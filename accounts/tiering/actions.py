"""Moving accounts between tiers by suggestion or by plan, and pinning them where they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg2.extras import execute_values

from accounts.accounts.models import Account
from accounts.changes.actions import apply_changes, lock_accounts
from accounts.changes.fields import Change, ChangeRefused, check_values
from accounts.changes.models import ChangeSet
from accounts.tiering.models import SUGGESTED, TierPlacement
from accounts.tiering.queries import tiers_before, waiting_moves
from accounts.tiers.models import Tier
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
    def is_back(self) -> bool:
        """Whether it leads to the tier of now, and so only makes sense after another move."""
        return self.after == self.before

    @property
    def change(self) -> Change:
        """The same as a change of the account."""
        return Change(self.account_id, "tier", self.before, self.after)


@dataclass(frozen=True)
class Pinning:
    """What pinning accounts changed, and how many of their suggested moves it cancelled."""

    change_set: ChangeSet
    cancelled: int


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
def plan_moves(
    moves: Sequence[Move], on: date, *, by: Actor, is_suggested: bool = False, may_replace: bool = True
) -> Plans:
    """Write moves down for a day to come; each replaces what was planned for its account before.

    A move back to today's tier follows the planned move that comes first, and replaces later ones.
    may_replace: also what a manager accepted. Passed over are those whose account is in another tier
    by now, and suggested ones of pinned accounts. Raises ChangeRefused.
    """
    check_day(on)
    check_values([move.change for move in moves])
    lock_accounts(move.account_id for move in moves)
    found = Account.objects.in_bulk([move.account_id for move in moves])
    coming = tiers_before(on, found)
    good = [
        move
        for move in moves
        if move.account_id in found
        and found[move.account_id].tier_id == move.before
        and (not move.is_back or coming.get(move.account_id, move.before) != move.before)
        and not (is_suggested and found[move.account_id].tier_pinned)
    ]
    older = _replaced_by(good, on)
    if not may_replace and older.filter(actor__endswith=SUGGESTED).exists():
        raise ChangeRefused("A manager has accepted another move of this account. Ask them to cancel it.")
    replaced = cancel_moves(older, by=by, why="Another move was planned instead.")
    actor = f"{by.label[: 160 - len(SUGGESTED)]}{SUGGESTED}" if is_suggested else by.label[:160]
    TierPlacement.objects.bulk_create(_planned(move, on, actor) for move in good)
    tiers = dict(Tier.objects.values_list("pk", "name"))
    told = [_plan_in_audit(move, found[move.account_id].name, on, tiers) for move in good]
    with connection.cursor() as cursor:
        insert_audit(cursor.cursor, by, "account", told)
    return Plans(len(good), replaced)


def _replaced_by(moves: Sequence[Move], on: date) -> QuerySet[TierPlacement]:
    """The planned moves that these take the place of."""
    back = Q(account__in=[move.account_id for move in moves if move.is_back], since__gte=on)
    return waiting_moves().filter(back | Q(account__in=[m.account_id for m in moves if not m.is_back]))


def _plan_in_audit(move: Move, name: str, on: date, tiers: Mapping[int, str]) -> tuple[Any, ...]:
    after = {"tier": tiers.get(move.after or 0, "No tier"), "from": times.day(on), "reason": move.reason}
    return audit_rows("planned a move", move.account_id, name, {}, after)


def check_day(on: date) -> None:
    """Raise ChangeRefused unless the day is still to come."""
    if on <= today():
        raise ChangeRefused("A planned move needs a day that is still to come.")


def _planned(move: Move, on: date, actor: str) -> TierPlacement:
    return TierPlacement(
        account_id=move.account_id,
        tier_id=move.after,
        since=on,
        is_planned=True,
        reason=move.reason[:300],
        actor=actor,
    )


@transaction.atomic
def cancel_moves(planned: QuerySet[TierPlacement], *, by: Actor, why: str = "") -> int:
    """Take planned moves back; how many. What was made or cancelled meanwhile is not among them."""
    gone = _locked(planned)
    TierPlacement.objects.filter(pk__in=[move.pk for move in gone]).delete()
    after = {"reason": why} if why else {}
    entries = [
        audit_rows("cancelled a move", move.account_id, move.account.name, _values(move), after)
        for move in gone
    ]
    with connection.cursor() as cursor:
        insert_audit(cursor.cursor, by, "account", entries)
    return len(gone)


def _locked(planned: QuerySet[TierPlacement]) -> list[TierPlacement]:
    """Those that still wait, oldest first, so that nobody makes or cancels them meanwhile."""
    lock_accounts(planned.values_list("account_id", flat=True))
    waiting = planned.filter(is_planned=True).select_related("tier", "account").order_by("since", "id")
    return list(waiting.select_for_update(of=("self",)))


def _values(planned: TierPlacement) -> dict[str, str]:
    return {"tier": str(planned.tier or "No tier"), "from": times.day(planned.since)}


@transaction.atomic
def apply_planned_moves(*, by: Actor) -> int:
    """Make the moves whose day has come, oldest first; how many accounts changed tier.

    A move into a tier that has been retired meanwhile, or a suggested one of an account that is pinned,
    is cancelled, with the reason in the history.
    """
    due = _locked(waiting_moves().filter(since__lte=today()))
    days: dict[tuple[date, bool], list[TierPlacement]] = {}
    for planned in _newest(due, by):
        days.setdefault((planned.since, planned.is_suggested), []).append(planned)
    # Before the accounts change: the history knows the tier then, and writes no second row.
    TierPlacement.objects.filter(pk__in=[planned.pk for planned in due]).update(is_planned=False)
    return sum(_make_moves(*key, moves, by) for key, moves in sorted(days.items(), key=itemgetter(0)))


def _newest(due: Iterable[TierPlacement], by: Actor) -> list[TierPlacement]:
    """Each account's last move; those that are overtaken or lead nowhere any more are removed."""
    hindered: dict[str, list[int]] = {}
    free: dict[int, TierPlacement] = {}
    for planned in due:
        if why := _hindrance(planned):
            hindered.setdefault(why, []).append(planned.pk)
        else:
            free[planned.pk] = planned
    for why, ids in hindered.items():
        cancel_moves(waiting_moves().filter(pk__in=ids), by=by, why=why)
    last = {planned.account_id: planned for planned in free.values()}
    moves = [planned for planned in last.values() if planned.account.tier_id != planned.tier_id]
    TierPlacement.objects.filter(pk__in=free.keys() - {planned.pk for planned in moves}).delete()
    return moves


def _hindrance(planned: TierPlacement) -> str:
    """Why a move cannot be made any more, as a sentence; "" when it can."""
    if planned.tier and planned.tier.retired_at:
        return f"{planned.tier} is not in use any more."
    return "The account is pinned." if planned.is_suggested and planned.account.tier_pinned else ""


def _make_moves(day: date, is_suggested: bool, moves: Iterable[TierPlacement], by: Actor) -> int:
    changes = [
        Change(planned.account_id, "tier", planned.account.tier_id, planned.tier_id) for planned in moves
    ]
    # What a manager accepted is set back by managers: the kind says so.
    kind, what = ("suggestion", "suggested move") if is_suggested else ("planned", "planned move")
    title = f"{plural(len(changes), what)} of {times.day(day)}"
    return apply_changes(kind, title, changes, by=by, reason=f"Planned for {times.day(day)}").made


@transaction.atomic
def pin_accounts(account_ids: Sequence[int], *, by: Actor, reason: str) -> Pinning:
    """Keep accounts in the tier they are in, whatever revenue suggests; who is pinned already stays so.

    Their moves that were suggested, and accepted for a later day, are cancelled.
    """
    lock_accounts(account_ids)
    accepted = waiting_moves().filter(account__in=account_ids, actor__endswith=SUGGESTED)
    cancelled = cancel_moves(accepted, by=by, why="The account was pinned.")
    title = f"{plural(len(account_ids), 'account')} pinned"
    if cancelled:
        title = f"{title}, {plural(cancelled, 'suggested move')} cancelled"
    changes = [Change(pk, "tier_pinned", False, True) for pk in account_ids]
    made = apply_changes("pin", title, changes, by=by, reason=reason)
    Account.objects.filter(pk__in=made.values.values("account_id")).update(tier_pin_reason=reason[:300])
    return Pinning(made, cancelled)


@transaction.atomic
def unpin_accounts(account_ids: Sequence[int], *, by: Actor) -> ChangeSet:
    """Let suggestions move accounts again."""
    changes = [Change(pk, "tier_pinned", True, False) for pk in account_ids]
    title = f"{plural(len(account_ids), 'account')} unpinned"
    return apply_changes("pin", title, changes, by=by)
