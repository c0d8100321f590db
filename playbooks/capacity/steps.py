"""What-if: steps applied to the state as plain rows. Nothing here reads or writes the database.

A step is a dict as it is kept in `Scenario.steps`:

    {"do": "move", "accounts": [[id, owner], …], "to": csm or null}
    {"do": "add_csm", "id": below zero, "name": …, "hours_per_week": …, "meeting_share": …,
     "leave_share": …}
    {"do": "lose_csm", "csm": id, "to": [ids]}
    {"do": "terms", "tier": id, "service": id, "name": its name, "from": first day of a quarter,
     "times": …, "per": …, "hours": …, "was": the terms before, in short}
    {"do": "threshold", "tier": id, "share": percent}

`owner` is who had the account when the step was written: somebody else's account is not moved, but said.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from accounts.changes.fields import Change
from accounts.tiering.suggesting import suggest
from accounts.tiers.terms import Terms, cadence
from playbooks.capacity.arithmetic import productive_hours
from playbooks.capacity.state import AccountRow, Csm, State, sum_hours

Step = Mapping[str, Any]
Done = tuple[State, list[str]]
SAID = 4


@dataclass(frozen=True)
class Applied:
    """The state after the steps; for each step its words, and what of it does not fit any more."""

    state: State
    texts: list[str]
    notices: list[list[str]]

    @property
    def all_notices(self) -> list[str]:
        """Every notice, in the order of the steps."""
        return [text for texts in self.notices for text in texts]


def apply_steps(
    state: State, steps: Sequence[Step], say: Callable[[State, Step], str] = lambda state, step: ""
) -> Applied:
    """One step after the other; what does not fit is left out and said. `say` gives a step's words, from
    the state before it."""
    texts, notices = [], []
    for step in steps:
        texts.append(say(state, step))
        state, said = DO[step["do"]](state, step)
        notices.append(
            [*said[:SAID], f"And {len(said) - SAID} more like these."] if len(said) > SAID else said
        )
    return Applied(state, texts, notices)


def move(state: State, step: Step) -> Done:
    """Accounts to another owner."""
    to = step["to"]
    if to is not None and to not in state.csms:
        return state, ["The CSM who would take these accounts is not there any more. Nothing is moved."]
    moved, said = [], []
    for pk, owner in step["accounts"]:
        row = state.accounts.get(pk)
        if row is None:
            said.append(f"Account {pk} has churned or is not there any more.")
        elif row.owner == owner:
            moved.append(row._replace(owner=to))
        else:
            said.append(f"{row.name} belongs to {state.name_of(row.owner)} now. It is left there.")
    return state.with_accounts(moved), said


def add_csm(state: State, step: Step) -> Done:
    """Somebody who is not there yet; serves every language, region and skill."""
    hours = productive_hours(
        Decimal(step["hours_per_week"]), Decimal(step["meeting_share"]), Decimal(step["leave_share"])
    )
    new = Csm(step["id"], step["name"], (hours,) * len(state.quarters), note="not invited yet")
    return replace(state, csms={**state.csms, new.id: new}), []


def lose_csm(state: State, step: Step) -> Done:
    """A CSM goes; their accounts go to nobody, or to whom of the chosen has most time free."""
    gone = step["csm"]
    if gone not in state.csms:
        return state, ["This CSM is not there any more."]
    known = [pk for pk in step["to"] if pk in state.csms and pk != gone]
    left = [row for row in state.accounts.values() if row.owner == gone]
    said = (
        [] if len(known) == len(step["to"]) else ["Somebody who would take accounts is not there any more."]
    )
    spread = spread_accounts(state, left, known)
    without = replace(state, csms={pk: csm for pk, csm in state.csms.items() if pk != gone})
    return without.with_accounts(spread), said


def spread_accounts(state: State, rows: Sequence[AccountRow], to: Sequence[int]) -> list[AccountRow]:
    """The dearest account first, each to whom has most hours free over all quarters shown."""
    if not to:
        return [row._replace(owner=None) for row in rows]
    free = [(sum_hours(state.over(pk)), pk) for pk in to]
    heapq.heapify(free)
    spread = []
    for row in sorted(rows, key=lambda row: (-sum_hours(state.hours[row.id]), row.id)):
        over, pk = free[0]
        heapq.heapreplace(free, (over + sum_hours(state.hours[row.id]), pk))
        spread.append(row._replace(owner=pk))
    return spread


def change_terms(state: State, step: Step) -> Done:
    """Other terms of one service of a tier, from a quarter on."""
    tier, service, first = step["tier"], step["service"], date.fromisoformat(step["from"])
    if tier not in state.tiers:
        return state, ["This tier is not there any more."]
    changed, found = [], ""
    for start, of in zip(state.quarters, state.terms, strict=True):
        old = of.get(tier, {}).get(service)
        if start >= first and old:
            of, found = {**of, tier: {**of[tier], service: terms_with(old, step)}}, in_short(old)
        changed.append(of)
    said = []
    if not found:
        said = [f"{state.tiers[tier].name} does not promise this service any more."]
    elif step.get("was", found) != found:
        said = [f"{step['name']} is {found} by now, no more {step['was']}. This step replaces that."]
    return replace(state, terms=tuple(changed)), said


def in_short(one: Terms) -> str:
    """1 a quarter, 8 h."""
    return f"{cadence(one.times, one.per)}, {one.hours.normalize():f} h"


def terms_with(old: Terms, step: Step) -> Terms:
    """Terms of a service with the cadence and hours of a step."""
    return replace(old, times=step["times"], per=step["per"], hours=Decimal(step["hours"]))


def change_threshold(state: State, step: Step) -> Done:
    """The accounts that the tiers' rules suggest when a tier carries another share of revenue."""
    tier = step["tier"]
    if tier not in state.tiers:
        return state, ["This tier is not there any more."]
    if state.revenue_problem:
        return state, [state.revenue_problem]
    if all(rule.tier_id != tier or rule.share is None for rule in state.rules):
        return state, [f"{state.tiers[tier].name} is not filled by its share of revenue any more."]
    share = Decimal(step["share"])
    rules = [replace(rule, share=share) if rule.tier_id == tier else rule for rule in state.rules]
    known = {row.account_id for row in state.ranked} & state.accounts.keys()
    ranked = [
        replace(row, tier_id=state.accounts[row.account_id].tier) if row.account_id in known else row
        for row in state.ranked
    ]
    found = {one.account_id: one.to_tier_id for one in suggest(ranked, rules) if one.account_id in known}
    return state.with_accounts(in_tier(state.accounts[pk], to) for pk, to in found.items()), []


def in_tier(row: AccountRow, tier: int) -> AccountRow:
    """An account in another tier from now on; a planned move stays planned, and counts from its quarter."""
    until_moved = len(list(takewhile(lambda held: held == row.tier, row.tiers)))
    return row._replace(tier=tier, tiers=(tier,) * until_moved + row.tiers[until_moved:])


DO: dict[str, Callable[[State, Step], Done]] = {
    "move": move,
    "add_csm": add_csm,
    "lose_csm": lose_csm,
    "terms": change_terms,
    "threshold": change_threshold,
}


def changes_between(before: State, after: State) -> tuple[list[Change], int]:
    """What differs between two states as changes of accounts, and how many accounts would go to somebody
    who is not invited yet: these keep their owner."""
    changes, waiting = [], 0
    for pk, new in after.accounts.items():
        old = before.accounts[pk]
        if new.owner != old.owner and new.owner is not None and new.owner < 0:
            waiting += 1
        elif new.owner != old.owner:
            changes.append(Change(pk, "owner", old.owner, new.owner))
        if new.tier != old.tier:
            changes.append(Change(pk, "tier", old.tier, new.tier))
    return changes, waiting


def terms_steps(steps: Sequence[Step]) -> dict[tuple[int, date], list[Step]]:
    """The steps that change terms, by tier and first day."""
    found: dict[tuple[int, date], list[Step]] = {}
    for step in steps:
        if step["do"] == "terms":
            found.setdefault((step["tier"], date.fromisoformat(step["from"])), []).append(step)
    return dict(sorted(found.items()))


def next_imaginary(steps: Sequence[Step]) -> int:
    """A free id, below zero, for a CSM who is not there yet."""
    return min([0, *(step["id"] for step in steps if step["do"] == "add_csm")]) - 1
