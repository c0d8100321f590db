"""Before and after, side by side; as plain JSON, so that an applied scenario keeps what it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from csworkspace.web.formats import number, signed
from playbooks.capacity.state import NOTHING, State, tier_loads
from playbooks.capacity.words import difference, over_words, short, signed_gap

CENT = Decimal("0.01")
LEAVES = "leaves"


@dataclass(frozen=True)
class Cell:
    """Hours of a quarter before and after, with the difference and what that means, in words."""

    quarter: str
    before: str
    after: str
    change: str
    state: str
    is_over: bool
    is_changed: bool


@dataclass(frozen=True)
class Line:
    """A CSM, or a tier, before and after."""

    name: str
    before_accounts: str
    after_accounts: str
    accounts_change: str
    cells: list[Cell]
    is_changed: bool
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """What a page prints: quarters, CSMs, tiers, and the sum of what is promised too much."""

    quarters: list[str]
    csms: list[Line]
    tiers: list[Line]
    total: Line


def compare(before: State, after: State) -> dict[str, Any]:
    """Two states as JSON: everybody who is in one of them, and every tier."""
    owners = sorted(
        {*before.loads, *after.loads}, key=lambda one: (one is None, _name(before, after, one).casefold())
    )
    return {
        "quarters": before.quarter_names(),
        "csms": [_csm(before, after, owner) for owner in owners if _counts(before, after, owner)],
        "tiers": [
            {
                "name": old.name,
                "accounts": [old.accounts[0], new.accounts[0]],
                "need": _pairs(old.hours, new.hours),
            }
            for old, new in _tier_pairs(before, after)
        ],
    }


def _counts(before: State, after: State, owner: int | None) -> bool:
    """Nobody is shown only with accounts."""
    return owner is not None or any(state.loads.get(None) for state in (before, after))


def _name(before: State, after: State, owner: int | None) -> str:
    return (after if owner in after.csms else before).name_of(owner)


def _csm(before: State, after: State, owner: int | None) -> dict[str, Any]:
    none = (NOTHING,) * len(before.quarters)
    old, new = before.loads.get(owner), after.loads.get(owner)
    gone = owner is not None and owner not in after.csms
    return {
        "id": owner,
        "name": _name(before, after, owner),
        "note": LEAVES if gone else after.csms[owner].note if owner is not None else "",
        "accounts": [old.accounts if old else 0, new.accounts if new else 0],
        "need": _pairs(old.hours if old else none, new.hours if new else none),
        "has": _pairs(before.has(owner), after.has(owner)),
    }


def _tier_pairs(before: State, after: State) -> list[tuple[Any, Any]]:
    olds, news = ({tier.id: tier for tier in tier_loads(state)} for state in (before, after))
    return [(olds[pk], news[pk]) for pk in olds if pk in news]


def _pairs(old: Sequence[Decimal], new: Sequence[Decimal]) -> list[list[str]]:
    return [[str(a.quantize(CENT)), str(b.quantize(CENT))] for a, b in zip(old, new, strict=True)]


def shown(found: dict[str, Any]) -> Comparison:
    """A comparison ready to print."""
    quarters = found["quarters"]
    csms = [_line(quarters, row) for row in found["csms"]]
    return Comparison(quarters, csms, [_line(quarters, row) for row in found["tiers"]], _total(found))


def _line(quarters: list[str], row: dict[str, Any]) -> Line:
    has = row.get("has") or [None] * len(quarters)
    cells = [_cell(*values) for values in zip(quarters, row["need"], has, strict=True)]
    if row.get("note") == LEAVES:
        cells = [replace(cell, state=LEAVES) for cell in cells]
    old, new = row["accounts"]
    return Line(
        name=row["name"],
        before_accounts=number(old),
        after_accounts=number(new),
        accounts_change=signed(new - old),
        cells=cells,
        is_changed=old != new or any(cell.is_changed for cell in cells),
        note=row.get("note", ""),
    )


def _cell(quarter: str, need: list[str], has: list[str] | None) -> Cell:
    old, new = map(Decimal, need)
    available = Decimal(has[1]) if has else new
    changed = difference(new, old) != 0 or (has is not None and has[0] != has[1])
    words = "" if has is None else over_words(new, available)
    is_over = difference(new, available) > 0
    return Cell(quarter, short(old), short(new), signed_gap(new, old), words, is_over, changed)


def too_much(found: dict[str, Any], side: int) -> list[Decimal]:
    """Per quarter what is promised beyond what people have: before (0) or after (1)."""
    sums = [NOTHING] * len(found["quarters"])
    for row in found["csms"]:
        for number_, (need, has) in enumerate(zip(row["need"], row["has"], strict=True)):
            sums[number_] += max(difference(Decimal(need[side]), Decimal(has[side])), NOTHING)
    return sums


def _total(found: dict[str, Any]) -> Line:
    pairs = [[str(a), str(b)] for a, b in zip(too_much(found, 0), too_much(found, 1), strict=True)]
    row = {"name": "Promised too much, in all", "accounts": [0, 0], "need": pairs}
    return _line(found["quarters"], row)
