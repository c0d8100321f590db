"""The team and its promises as plain rows: what the page counts, and what a what-if is applied to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from accounts.accounts.models import Stage
from accounts.tiering.suggesting import Ranked, Rule
from accounts.tiers.terms import Terms
from playbooks.capacity.arithmetic import (
    FREE,
    NOTHING,
    Calendar,
    Price,
    calendar_of,
    hours_in,
    price_of,
    quarter_name,
)

Hours = tuple[Decimal, ...]


class AccountRow(NamedTuple):
    """An account that is not churned: its owner (membership id, None: nobody), its tier in each quarter
    (planned moves count), and its tier of today."""

    id: int
    name: str
    owner: int | None
    stage: str
    customer_since: date | None
    renewal_on: date | None
    tiers: tuple[int | None, ...]
    tier: int | None


@dataclass(frozen=True)
class Csm:
    """Somebody who looks after accounts, and the productive hours they have in each quarter.

    id: the membership's; below zero for one whom a what-if adds. languages, regions,
    skills: empty means any.
    """

    id: int
    name: str
    hours: Hours
    languages: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True)
class TierRow:
    """A tier in use, the most served first."""

    id: int
    name: str
    entry_share: Decimal | None = None


@dataclass(frozen=True)
class State:
    """Everything that capacity is counted from.

    terms: per quarter, tier → service → terms. overrides: per quarter, account → service →
    the account's own terms, None where it is not owed. ranked, rules: what tiers are suggested
    from, read only for what needs it; revenue_problem: why it could not be read.
    """

    today: date
    quarters: tuple[date, ...]
    accounts: Mapping[int, AccountRow]
    csms: Mapping[int, Csm]
    tiers: Mapping[int, TierRow]
    terms: tuple[Mapping[int, Mapping[int, Terms]], ...]
    overrides: tuple[Mapping[int, Mapping[int, Terms | None]], ...] = ()
    ranked: tuple[Ranked, ...] = ()
    rules: tuple[Rule, ...] = ()
    revenue_problem: str = ""

    @cached_property
    def hours(self) -> dict[int, Hours]:
        """Account id → the hours it costs in each quarter."""
        return hours_of_accounts(self)

    @cached_property
    def loads(self) -> dict[int | None, "Load"]:
        """Owner → what their accounts cost, for everybody who has time or accounts."""
        grouped: dict[int | None, list[int]] = {pk: [] for pk in self.csms}
        for account in self.accounts.values():
            grouped.setdefault(account.owner, []).append(account.id)
        return {owner: Load(len(ids), self.sum_of(ids)) for owner, ids in grouped.items()}

    def sum_of(self, ids: Iterable[int]) -> Hours:
        """The hours of some accounts in each quarter."""
        rows = [self.hours[pk] for pk in ids]
        return tuple(map(sum_hours, zip(*rows, strict=True))) if rows else (NOTHING,) * len(self.quarters)

    def has(self, owner: int | None) -> Hours:
        """The productive hours of somebody; nobody has none."""
        csm = self.csms.get(owner) if owner is not None else None
        return csm.hours if csm else (NOTHING,) * len(self.quarters)

    def over(self, owner: int | None) -> Hours:
        """Hours promised beyond those that somebody has; below zero: still free."""
        return tuple(need - has for need, has in zip(self.loads[owner].hours, self.has(owner), strict=True))

    def too_much(self, number: int) -> Decimal:
        """What is promised beyond what people have in one of the quarters, over everybody."""
        return sum_hours(max(self.over(owner)[number], NOTHING) for owner in self.loads)

    def name_of(self, owner: int | None) -> str:
        """A CSM's name, or Nobody."""
        if owner is None:
            return "Nobody"
        return self.csms[owner].name if owner in self.csms else "somebody who left"

    def quarter_names(self) -> list[str]:
        """The names of the quarters."""
        return [quarter_name(start) for start in self.quarters]

    def with_accounts(self, changed: Iterable[AccountRow]) -> "State":
        """The same with other rows for some accounts."""
        return replace(self, accounts={**self.accounts, **{row.id: row for row in changed}})


class Load(NamedTuple):
    """How many accounts, and their hours in each quarter."""

    accounts: int
    hours: Hours


def sum_hours(values: Iterable[Decimal]) -> Decimal:
    """The sum of hours; 0 of none."""
    return sum(values, NOTHING)


def hours_of_accounts(state: State) -> dict[int, Hours]:
    """What each account costs; accounts alike in tiers and calendar are worked out once."""
    prices = [{tier: price_of(terms.values()) for tier, terms in of.items()} for of in state.terms]
    own = {pk for of in state.overrides for pk in of}
    seen_calendar: dict[tuple[date | None, date | None, bool], Calendar] = {}
    seen: dict[tuple[tuple[int | None, ...], Calendar], Hours] = {}
    found: dict[int, Hours] = {}
    for row in state.accounts.values():
        dates = (row.customer_since, row.renewal_on, row.stage == Stage.ONBOARDING)
        calendar = seen_calendar.get(dates) or calendar_of(state.quarters, *dates)
        seen_calendar[dates] = calendar
        if row.id in own:
            found[row.id] = _hours(own_prices(state, row), calendar)
            continue
        alike = (row.tiers, calendar)
        if alike not in seen:
            seen[alike] = _hours(
                [of.get(tier, FREE) if tier else FREE for of, tier in zip(prices, row.tiers, strict=True)],
                calendar,
            )
        found[row.id] = seen[alike]
    return found


def _hours(prices: Iterable[Price], calendar: Calendar) -> Hours:
    return tuple(hours_in(price, calendar, number) for number, price in enumerate(prices))


def own_prices(state: State, row: AccountRow) -> list[Price]:
    """The prices of an account with its overrides, by quarter."""
    return [price_of(terms_in(state, row, number).values()) for number in range(len(state.quarters))]


def terms_in(state: State, row: AccountRow, number: int) -> dict[int, Terms]:
    """Service → the terms that hold for an account in a quarter: its tier's, and its own instead."""
    tier = row.tiers[number]
    terms: dict[int, Terms | None] = dict(state.terms[number].get(tier, {}) if tier else {})
    if state.overrides:
        terms |= state.overrides[number].get(row.id, {})
    return {service: one for service, one in terms.items() if one is not None}


def services_in(state: State, row: AccountRow, number: int) -> list[tuple[str, Decimal]]:
    """What an account costs in a quarter, service by service, the dearest first; nothing for 0 h."""
    onboards = row.stage == Stage.ONBOARDING
    calendar = calendar_of(state.quarters, row.customer_since, row.renewal_on, onboards)
    found = [
        (one.service, hours_in(price_of([one]), calendar, number))
        for one in terms_in(state, row, number).values()
    ]
    return sorted([part for part in found if part[1]], key=lambda part: (-part[1], part[0]))


@dataclass(frozen=True)
class TierLoad:
    """A tier (None: accounts in none): its accounts and hours in each quarter, and what one of them costs
    in a plain quarter."""

    id: int | None
    name: str
    accounts: tuple[int, ...]
    hours: Hours
    hours_an_account: Decimal


def tier_loads(state: State) -> list[TierLoad]:
    """What each tier costs, the most served first; accounts in no tier last, if there are any."""
    counts: dict[int | None, list[int]] = {}
    sums: dict[int | None, list[Decimal]] = {}
    size = len(state.quarters)
    for row in state.accounts.values():
        for number, (tier, hours) in enumerate(zip(row.tiers, state.hours[row.id], strict=True)):
            counts.setdefault(tier, [0] * size)[number] += 1
            sums.setdefault(tier, [NOTHING] * size)[number] += hours
    shown: list[int | None] = [*state.tiers, *([None] if None in counts else [])]
    return [_tier_load(state, tier, counts, sums) for tier in shown]


def _tier_load(
    state: State,
    tier: int | None,
    counts: Mapping[int | None, list[int]],
    sums: Mapping[int | None, list[Decimal]],
) -> TierLoad:
    size = len(state.quarters)
    price = price_of(state.terms[0].get(tier, {}).values()) if tier else FREE
    return TierLoad(
        id=tier,
        name=state.tiers[tier].name if tier else "No tier",
        accounts=tuple(counts.get(tier, [0] * size)),
        hours=tuple(sums.get(tier, [NOTHING] * size)),
        hours_an_account=price.regular,
    )
