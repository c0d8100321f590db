"""How hours and steps are said. Pure functions."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.tiers.terms import cadence
from csworkspace.web import formats
from playbooks.capacity.arithmetic import quarter_name
from playbooks.capacity.state import State
from playbooks.capacity.steps import Step

TENTH = Decimal("0.1")
# So many accounts of a step are named, more are counted.
NAMED = 3


def rounded(value: Decimal) -> Decimal:
    """To a tenth; below ten, where a quarter of an hour counts, to a hundredth."""
    return value.quantize(TENTH if abs(value) >= 10 else TENTH / 10, ROUND_HALF_UP)


def short(value: Decimal) -> str:
    """Hours without their unit: 80.5, 412, 0.25."""
    return formats.number(rounded(value))


def hours_words(value: Decimal) -> str:
    """80.5 h."""
    return f"{short(value)}{formats.NBSP}h"


def difference(value: Decimal, other: Decimal) -> Decimal:
    """Between two numbers as they are shown: of 89.16 h and 47.54 h, said as 89.2 and 47.5, it is 41.7."""
    return rounded(value) - rounded(other)


def exact_hours(gap: Decimal) -> str:
    """Such a difference, not rounded again: 89.2 h and 9.75 h are 79.45 h apart."""
    return f"{formats.number(gap)}{formats.NBSP}h"


def gap_words(value: Decimal, other: Decimal) -> str:
    """The difference between two numbers as they are shown: 80.5 h."""
    return exact_hours(difference(value, other))


def signed_gap(value: Decimal, other: Decimal) -> str:
    """The same with its sign: +80.5 h, −12 h, 0 h."""
    return f"{formats.signed(difference(value, other))}{formats.NBSP}h"


def over_words(need: Decimal, has: Decimal) -> str:
    """+80.5 h too much, or 40 h free."""
    over = difference(need, has)
    if not over:
        return "just enough"
    return f"{signed_gap(need, has)} too much" if over > 0 else f"{gap_words(has, need)} free"


def over_shown(state: State, owner: int | None) -> list[Decimal]:
    """`State.over` as the difference of the numbers that are shown."""
    return [difference(*pair) for pair in zip(state.loads[owner].hours, state.has(owner), strict=True)]


def joined(parts: Sequence[str], most: int = 0) -> str:
    """a, b and c; after `most` of them "and 3 more"."""
    if most and len(parts) > most:
        return f"{', '.join(parts[:most])} and {len(parts) - most} more"
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def warning(name: str, need: Decimal, has: Decimal, quarter: str, accounts: int) -> str:
    """Priya is promised 412 h in Q1 2027 and has 331.5 h: 80.5 h too much, 14 accounts."""
    count = formats.plural(accounts, "account")
    return (
        f"{name} is promised {hours_words(need)} in {quarter} and has {hours_words(has)}: "
        f"{gap_words(need, has)} too much, {count}"
    )


def nobody_warning(need: Decimal, quarter: str, accounts: int) -> str:
    """Nobody looks after 3 accounts that are promised 24 h in Q1 2027."""
    count, verb = formats.plural(accounts, "account"), "is" if accounts == 1 else "are"
    return f"Nobody looks after {count} that {verb} promised {hours_words(need)} in {quarter}"


def step_words(state: State, step: Step) -> str:
    """What a step does, in a sentence; `state` is the one before it."""
    return SAY[step["do"]](state, step)


def _move(state: State, step: Step) -> str:
    owners = sorted({state.name_of(owner) for _, owner in step["accounts"]})
    accounts = [state.accounts[pk].name for pk, _ in step["accounts"][:NAMED] if pk in state.accounts]
    count = len(step["accounts"])
    what = joined(accounts) if accounts and count <= NAMED else formats.plural(count, "account")
    return f"Move {what} from {joined(owners, 3)} to {state.name_of(step['to'])}"


def _add(state: State, step: Step) -> str:
    return f"Add {step['name']}, {short(Decimal(step['hours_per_week']))} hours a week"


def _lose(state: State, step: Step) -> str:
    takers = [state.name_of(pk) for pk in step["to"]]
    load = state.loads.get(step["csm"])
    count = formats.plural(load.accounts if load else 0, "account")
    return f"Without {state.name_of(step['csm'])}: {count} to {joined(takers, 5) or 'nobody'}"


def _terms(state: State, step: Step) -> str:
    tier = state.tiers.get(step["tier"])
    start = date.fromisoformat(step["from"])
    terms = f"{cadence(step['times'], step['per'])} at {hours_words(Decimal(step['hours']))}"
    return f"{tier.name if tier else 'A tier'}: {step['name']} {terms}, from {quarter_name(start)}"


def _threshold(state: State, step: Step) -> str:
    tier = state.tiers.get(step["tier"])
    return f"{tier.name if tier else 'A tier'} takes the accounts that carry {step['share']}% of revenue"


SAY: dict[str, Any] = {
    "move": _move,
    "add_csm": _add,
    "lose_csm": _lose,
    "terms": _terms,
    "threshold": _threshold,
}
