"""From the state to a balancing proposal: what the optimiser is asked, and what is said of its answer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from csworkspace.web.formats import plural
from playbooks.capacity.arithmetic import NOTHING, quarter_name
from playbooks.capacity.balancing import MOST_YEARS, Balance, Handover, Holding, Needs, balance
from playbooks.capacity.state import State, sum_hours
from playbooks.capacity.words import difference, exact_hours, gap_words, hours_words, joined, over_shown

# More moves than this nobody reads, and no form can send.
MOST_MOVES = 500
Attributes = Mapping[int, Mapping[str, object]]


def needs_of(attributes: Mapping[str, object]) -> Needs:
    """What an account's attributes `language`, `region` and `skills` (or `skill`) ask of a CSM."""
    skills = attributes.get("skills") or attributes.get("skill")
    return Needs(
        language=first(words_in(attributes.get("language"))),
        region=first(words_in(attributes.get("region"))),
        skills=tuple(sorted(set(words_in(skills)))),
    )


def words_in(value: object) -> list[str]:
    """An attribute's words, lower case: of a list, or of a text with commas."""
    parts = value if isinstance(value, list) else str(value or "").split(",")
    words = (" ".join(str(part).split()).lower() for part in parts)
    return [word for word in words if word]


def first(words: Sequence[str]) -> str:
    """The first word, or none."""
    return words[0] if words else ""


def months_between(since: date | None, today: date) -> int:
    """Whole months from a day until today; 0 if it is not known or lies ahead."""
    if since is None or since >= today:
        return 0
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)


def longest_ago(today: date) -> date:
    """Since this day or before: the longest that a relationship counts."""
    return today - timedelta(days=366 * MOST_YEARS)


def holdings(
    state: State, number: int, attributes: Attributes, since: Mapping[int, date]
) -> dict[int, Holding]:
    """Every account as it is balanced; with its owner since the day in `since`, else, which is a guess,
    since it is a customer."""
    found = {}
    for row in state.accounts.values():
        known = since.get(row.id, row.customer_since)
        found[row.id] = Holding(
            id=row.id,
            owner=row.owner,
            hours=state.hours[row.id][number],
            needs=needs_of(attributes.get(row.id, {})),
            months=months_between(known, state.today),
            is_guess=row.id not in since,
        )
    return found


def propose(
    state: State, number: int, attributes: Attributes, since: Mapping[int, date]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The steps of a proposal that balances one of the quarters, and its outcome."""
    has = {pk: csm.hours[number] for pk, csm in state.csms.items()}
    found = balance(holdings(state, number, attributes, since).values(), state.csms, has)
    ordered = sorted(found.handovers, key=lambda one: _order(state, one))
    steps = [_step(state, number, one) for one in ordered[:MOST_MOVES]]
    outcome = outcome_of(state, number, found)
    if len(ordered) > MOST_MOVES:
        outcome["texts"].append(
            f"These are the first {MOST_MOVES} of {len(ordered):,} moves. Accept them, then ask again."
        )
    return steps, outcome


def _order(state: State, one: Handover) -> tuple[bool, str, str, int]:
    owner, row = one.account.owner, state.accounts[one.account.id]
    return owner is None, state.name_of(owner), row.name.casefold(), row.id


def _step(state: State, number: int, one: Handover) -> dict[str, Any]:
    account = one.account
    return {
        "do": "move",
        "accounts": [[account.id, account.owner]],
        "to": one.to,
        "hours": str(account.hours),
        "why": reason(state, number, one),
    }


def reason(state: State, number: int, one: Handover) -> str:
    """Why this account, and why to this CSM: who is over by how much, who has how much free, what matches."""
    account, quarter = one.account, quarter_name(state.quarters[number])
    taker = state.name_of(one.to)
    free = f"has {exact_hours(-over_shown(state, one.to)[number])} free"
    fits = f"{taker} {joined([free, *matches(account.needs, state, one.to)])}"
    if account.owner is None:
        return f"Nobody looks after it. {fits}."
    owner, too_much = state.name_of(account.owner), exact_hours(over_shown(state, account.owner)[number])
    together = "" if account.is_guess else f" {months_words(account.months)} with {owner}."
    return f"{owner} is promised {too_much} too much in {quarter}. {fits}.{together}"


def months_words(months: int) -> str:
    """3 months; Less than a month."""
    return plural(months, "month") if months else "Less than a month"


def matches(needs: Needs, state: State, to: int) -> list[str]:
    """Speaks German, looks after Nordics: what the account asks for and the CSM is known to offer."""
    csm, found = state.csms[to], []
    if needs.language and needs.language in csm.languages:
        found.append(f"speaks {needs.language.title()}")
    if needs.region and needs.region in csm.regions:
        found.append(f"looks after {named(needs.region)}")
    skills = [skill for skill in needs.skills if skill in csm.skills]
    if skills:
        found.append(f"knows {joined(skills)}")
    return found


def named(region: str) -> str:
    """A region as it is usually written: UK and DACH in capitals, Nordics with one."""
    return region.upper() if len(region) <= 4 else region.title()


def outcome_of(state: State, number: int, found: Balance) -> dict[str, Any]:
    """What the proposal's page says above its moves."""
    return {
        "quarter": state.quarters[number].isoformat(),
        "is_optimal": found.is_optimal,
        "over": str(state.too_much(number)),
        "left": str(sum_hours(found.left_over.values())),
        "texts": outcome_words(state, number, found),
    }


def outcome_words(state: State, number: int, found: Balance) -> list[str]:
    """The outcome in sentences, its hours the differences of those that the page shows."""
    quarter = quarter_name(state.quarters[number])
    over = sum_hours(max(over_shown(state, owner)[number], NOTHING) for owner in state.loads)
    if not state.csms:
        return ["There is no CSM to balance between. Invite one first."]
    if not over:
        return [f"Nobody is promised more than they have in {quarter}. There is nothing to balance."]
    rest = {owner: left_shown(state, owner, number, hours) for owner, hours in found.left_over.items()}
    count, left = len(found.handovers), sum_hours(rest.values())
    total = f"In {quarter} people are promised {hours_words(over)} more than they have."
    if not found.handovers:
        return [total, "No account can be moved to somebody with room who may serve it.", _rest(state, rest)]
    gone = f"Moving {plural(count, 'account')} takes {gap_words(over, left) if left else 'all'} of it away."
    best = (
        "No smaller movement does as much."
        if found.is_optimal
        else "This is the best that was found in the time allowed; a smaller movement may exist."
    )
    return [total, gone, best, *([_rest(state, rest)] if left else [])]


def left_shown(state: State, owner: int | None, number: int, hours: Decimal) -> Decimal:
    """Hours too much that stay with an owner, as the page shows them after the moves."""
    has = state.has(owner)[number]
    return difference(has + hours, has)


def _rest(state: State, rest: Mapping[int | None, Decimal]) -> str:
    parts = [
        f"{state.name_of(owner)} {exact_hours(hours)}"
        for owner, hours in sorted(rest.items(), key=lambda item: -item[1])
    ]
    return f"This much stays, because nobody who may serve these accounts has room: {joined(parts, 5)}."
