"""An account's tier as its page tells it: now, before, planned, and its own terms."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.accounts.models import Account
from accounts.tiering.hours import QuarterHours
from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiering.overrides import span_in_words
from accounts.tiers.terms import in_words, terms_of
from csworkspace.web import times
from csworkspace.web.formats import number


@dataclass(frozen=True)
class PlacementLine:
    """A row of the history, ready to print (see kit/_timeline.html)."""

    pk: int
    title: str
    when: str
    iso: str
    text: str
    by: str
    is_suggested: bool


@dataclass(frozen=True)
class OverrideLine:
    """An account's own terms of a service."""

    pk: int
    service: str
    terms: str
    span: str
    reason: str
    by: str
    is_over: bool


@dataclass(frozen=True)
class AccountTier:
    """What the tab shows."""

    name: str
    since: str
    reason: str
    hours: str
    pinned: bool
    pin_reason: str
    planned: list[PlacementLine]
    past: list[PlacementLine]
    overrides: list[OverrideLine]
    ended: list[OverrideLine]


def tier_of(account: Any, today: date) -> AccountTier:
    """Everything about the tier of an account from `get_account`; four queries."""
    rows = list(_placements(account))
    past = [row for row in rows if not row.is_planned and row.since <= today]
    overrides = [_override(row, today) for row in _overrides(account)]
    current = next(iter(past), None)
    return AccountTier(
        name=account.tier.name if account.tier else "No tier",
        since=times.day(current.since) if current else "",
        reason=current.reason if current else "",
        hours=number(QuarterHours(today, [account.pk]).of(account.pk, account.tier_id), 1),
        pinned=account.tier_pinned,
        pin_reason=account.tier_pin_reason,
        planned=[_line(row) for row in reversed(rows) if row.is_planned or row.since > today],
        past=[_line(row) for row in past],
        overrides=[line for line in overrides if not line.is_over],
        ended=[line for line in overrides if line.is_over],
    )


def _placements(account: Account) -> Any:
    return TierPlacement.objects.filter(account=account).select_related("tier").order_by("-since", "-id")


def _overrides(account: Account) -> Any:
    found = ServiceOverride.objects.filter(account=account).select_related("service")
    return found.order_by("-starts_on", "-id")


def _line(row: TierPlacement) -> PlacementLine:
    return PlacementLine(
        pk=row.pk,
        title=row.tier.name if row.tier else "No tier",
        when=times.day(row.since),
        iso=row.since.isoformat(),
        text=row.reason,
        by=row.actor,
        is_suggested=row.is_suggested,
    )


def _override(row: ServiceOverride, today: date) -> OverrideLine:
    return OverrideLine(
        pk=row.pk,
        service=row.service.name,
        terms=in_words(terms_of(row)) if row.is_owed else "Not owed to this account",
        span=span_in_words(row),
        reason=row.reason,
        by=row.actor,
        is_over=row.ends_on is not None and row.ends_on < today,
    )
