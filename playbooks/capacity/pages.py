"""What the capacity page prints."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from csworkspace.charts import Chart, Column, limit_chart
from csworkspace.web.formats import number, percent
from playbooks.capacity.arithmetic import WEEKS, quarter_name
from playbooks.capacity.state import Load, State, services_in, sum_hours, tier_loads
from playbooks.capacity.words import (
    difference,
    hours_words,
    nobody_warning,
    over_shown,
    over_words,
    short,
    warning,
)

Link = Callable[[int | None, int], str]
WARNINGS = 10
PAGE = 100


@dataclass(frozen=True)
class Cell:
    """Hours demanded and available in a quarter; the page of the accounts behind them."""

    quarter: str
    need: str
    has: str
    words: str
    is_over: bool
    url: str


@dataclass(frozen=True)
class Line:
    """A CSM, or nobody, over the quarters."""

    id: int | None
    name: str
    note: str
    accounts: str
    cells: list[Cell]


@dataclass(frozen=True)
class TierLine:
    """What a tier's accounts are owed."""

    name: str
    accounts: str
    an_account: str
    a_week: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True)
class Warning:
    """An over-commitment in one sentence, with the accounts behind it."""

    text: str
    more: str
    url: str


def lines(state: State, link: Link) -> list[Line]:
    """Everybody with time or accounts, nobody last."""
    shown = [*state.csms, *([None] if state.loads.get(None) else [])]
    return [_line(state, owner, state.loads[owner], link) for owner in shown]


def _line(state: State, owner: int | None, load: Load, link: Link) -> Line:
    pairs = zip(state.quarter_names(), load.hours, state.has(owner), strict=True)
    cells = [
        Cell(name, short(need), short(has), over_words(need, has), difference(need, has) > 0, link(owner, n))
        for n, (name, need, has) in enumerate(pairs)
    ]
    note = state.csms[owner].note if owner is not None else "accounts without an owner"
    return Line(owner, state.name_of(owner), note, number(load.accounts), cells)


def total_line(state: State) -> list[tuple[str, str, str, str]]:
    """Per quarter: its name, hours demanded and available in all, and the difference in words."""
    rows = zip(state.quarter_names(), all_demand(state), all_capacity(state), strict=True)
    return [(name, short(need), short(has), over_words(need, has)) for name, need, has in rows]


def all_demand(state: State) -> list[Decimal]:
    """Hours promised in each quarter, nobody's included."""
    return [sum_hours(load.hours[n] for load in state.loads.values()) for n in range(len(state.quarters))]


def all_capacity(state: State) -> list[Decimal]:
    """Hours that the team has in each quarter."""
    return [sum_hours(csm.hours[n] for csm in state.csms.values()) for n in range(len(state.quarters))]


def warnings(state: State, link: Link) -> tuple[list[Warning], int]:
    """One sentence for everybody who is promised too much, the most hours first, and how many are left
    out."""
    found = []
    for owner, load in state.loads.items():
        over = over_shown(state, owner)
        too_much = [n for n, hours in enumerate(over) if hours > 0]
        if too_much:
            found.append((max(over), _warning(state, owner, load, too_much, link)))
    found.sort(key=lambda one: -one[0])
    return [one for _, one in found[:WARNINGS]], max(len(found) - WARNINGS, 0)


def _warning(state: State, owner: int | None, load: Load, too_much: list[int], link: Link) -> Warning:
    worst = max(too_much, key=lambda n: over_shown(state, owner)[n])
    quarter, need, has = quarter_name(state.quarters[worst]), load.hours[worst], state.has(owner)[worst]
    if owner is None:
        text = nobody_warning(need, quarter, load.accounts)
    else:
        text = warning(state.name_of(owner), need, has, quarter, load.accounts)
    others = [quarter_name(state.quarters[n]) for n in too_much if n != worst]
    more = f"Less so in {', '.join(others)}." if others else ""
    return Warning(text, more, link(owner, worst))


def worst_quarter(state: State) -> int:
    """The quarter in which most is promised beyond what people have; the first of equals."""
    return max(range(len(state.quarters)), key=state.too_much)


def tier_lines(state: State) -> list[TierLine]:
    """Hours of each tier a week (this quarter's ÷ 13) and in each quarter."""
    names = state.quarter_names()
    return [
        TierLine(
            name=tier.name,
            accounts=number(tier.accounts[0]),
            an_account=hours_words(tier.hours_an_account),
            a_week=hours_words(tier.hours[0] / WEEKS),
            cells=list(zip(names, map(short, tier.hours), strict=True)),
        )
        for tier in tier_loads(state)
    ]


def chart(state: State) -> Chart:
    """Demand against capacity, from quarter to quarter."""
    rows = zip(state.quarter_names(), all_demand(state), all_capacity(state), strict=True)
    return limit_chart(
        [Column(*row) for row in rows],
        title="Hours promised and available",
        value_label="Promised",
        limit_label="Available",
        unit="h",
    )


@dataclass(frozen=True)
class Behind:
    """An account behind a CSM's hours in a quarter."""

    id: int
    name: str
    tier: str
    hours: str
    parts: str


@dataclass(frozen=True)
class BehindPage:
    """The accounts behind a number, the dearest first: one page of them."""

    rows: list[Behind]
    count: int
    need: str
    has: str
    words: str
    is_over: bool


def behind(state: State, owner: int | None, number: int, skip: int) -> BehindPage:
    """The accounts of somebody in one of the quarters, after `skip` of them."""
    ids = [row.id for row in state.accounts.values() if row.owner == owner]
    ids.sort(key=lambda pk: -state.hours[pk][number])
    need, has = state.sum_of(ids)[number], state.has(owner)[number]
    rows = [_behind(state, pk, number) for pk in ids[skip : skip + PAGE]]
    words, is_over = over_words(need, has), difference(need, has) > 0
    return BehindPage(rows, len(ids), hours_words(need), hours_words(has), words, is_over)


def _behind(state: State, pk: int, number: int) -> Behind:
    row = state.accounts[pk]
    tier = row.tiers[number]
    parts = [f"{name} {hours_words(hours)}" for name, hours in services_in(state, row, number)]
    known = state.tiers[tier].name if tier is not None and tier in state.tiers else "No tier"
    return Behind(pk, row.name, known, hours_words(state.hours[pk][number]), " · ".join(parts))


def formula(hours_per_week: Decimal, meeting_share: Decimal, leave_share: Decimal, hours: Decimal) -> str:
    """40 h × 13 weeks × (1 − 25%) × (1 − 15%) = 331.5 h."""
    return (
        f"{hours_words(hours_per_week)} × {WEEKS} weeks × (1 − {percent(meeting_share, 1)} meetings) × "
        f"(1 − {percent(leave_share, 1)} leave) = {hours_words(hours)}"
    )
