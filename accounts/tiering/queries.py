"""Reads about which account is in which tier, and under which terms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.accounts.models import Account
from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiers.terms import Terms, terms_of
from csworkspace.web import times
from csworkspace.web.formats import number, plural

# How many moves of a day, and how many pins, a page names.
NAMED, PINS = 12, 200


def tiers_on(day: date, account_ids: Collection[int] | None = None) -> dict[int, int | None]:
    """Account id → tier id (None: out of any tier) on a day, without accounts never placed; one query."""
    found = TierPlacement.objects.filter(since__lte=day)
    if account_ids is not None:
        found = found.filter(account_id__in=account_ids)
    newest = found.order_by("account_id", "-since", "-id").distinct("account_id")
    return dict(newest.values_list("account_id", "tier_id"))


def waiting_moves() -> QuerySet[TierPlacement]:
    """The planned moves that are not made yet."""
    return TierPlacement.objects.filter(is_planned=True)


def tiers_before(day: date, account_ids: Collection[int]) -> dict[int, int | None]:
    """Account id → tier id of the last move that is planned for earlier than a day; one query."""
    earlier = waiting_moves().filter(account_id__in=account_ids, since__lt=day)
    newest = earlier.order_by("account_id", "-since", "-id").distinct("account_id")
    return dict(newest.values_list("account_id", "tier_id"))


def overrides_on(day: date, account_ids: Collection[int] | None = None) -> dict[int, dict[int, Terms | None]]:
    """Account id → service id → the account's own terms on a day, None where it is not owed; one query."""
    valid = ServiceOverride.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    if account_ids is not None:
        valid = valid.filter(account_id__in=account_ids)
    found: dict[int, dict[int, Terms | None]] = {}
    for one in valid.select_related("service").order_by("starts_on", "id"):
        found.setdefault(one.account_id, {})[one.service_id] = terms_of(one) if one.is_owed else None
    return found


@dataclass(frozen=True)
class PlannedDay:
    """The moves that are planned for one day."""

    day: str
    count: str
    moves: list[str]
    more: str
    hidden: dict[str, str]


@dataclass(frozen=True)
class Pinned:
    """An account that stays in its tier, and why."""

    account_id: int
    name: str
    tier: str
    reason: str


@dataclass(frozen=True)
class PinnedList:
    """Pinned accounts, and how many there are beyond them."""

    lines: list[Pinned]
    more: str


def planned_days() -> list[PlannedDay]:
    """The days with planned moves, the next first; one query."""
    days: dict[date, list[Any]] = {}
    by_name = Window(RowNumber(), partition_by="since", order_by=("account__name", "id"))
    of_day = Window(Count("id"), partition_by="since")
    coming = waiting_moves().annotate(place=by_name, count=of_day).filter(place__lte=NAMED)
    for move in coming.select_related("account", "tier").order_by("since", "place"):
        days.setdefault(move.since, []).append(move)
    return [_planned_day(day, moves, moves[0].count) for day, moves in days.items()]


def _planned_day(day: date, named: list[TierPlacement], count: int) -> PlannedDay:
    return PlannedDay(
        times.day(day),
        plural(count, "move"),
        [f"{move.account.name} to {move.tier or 'no tier'}" for move in named],
        more(count, NAMED),
        {"day": day.isoformat()},
    )


def more(count: int, shown: int) -> str:
    """ "and 3 more", or "" when all are shown."""
    return f"and {number(count - shown)} more" if count > shown else ""


def planned_in_words() -> dict[int, str]:
    """Account → "Planned: Leveraged from 1 Jan 2027", the plan that holds; one query."""
    coming = TierPlacement.objects.filter(is_planned=True).select_related("tier").order_by("-since", "id")
    return {
        move.account_id: f"Planned: {move.tier or 'No tier'} from {times.day(move.since)}" for move in coming
    }


def planned_on(day: str) -> QuerySet[TierPlacement]:
    """The moves that are planned for a day in ISO form; none for anything else."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return TierPlacement.objects.none()
    return waiting_moves().filter(since=wanted)


def pinned_accounts() -> PinnedList:
    """Accounts that are pinned to their tier, by name; one query."""
    pinned = Account.objects.filter(tier_pinned=True).select_related("tier").order_by("name", "pk")
    found = list(pinned.annotate(count=Window(Count("pk")))[:PINS])
    lines = [
        Pinned(one.pk, one.name, one.tier.name if one.tier else "No tier", one.tier_pin_reason)
        for one in found
    ]
    return PinnedList(lines, more(found[0].count, PINS) if found else "")
