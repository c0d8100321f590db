"""What the pages of what-ifs and proposals print."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from csworkspace.tenancy.clock import day_in
from csworkspace.tenancy.models import Workspace
from csworkspace.web import times
from csworkspace.web.formats import DASH, number, plural
from playbooks.capacity.comparing import Comparison, compare, shown, too_much
from playbooks.capacity.models import Scenario, ScenarioKind
from playbooks.capacity.queries import read_state_for
from playbooks.capacity.state import State
from playbooks.capacity.steps import Applied, Step, apply_steps
from playbooks.capacity.words import difference, exact_hours, hours_words, signed_gap, step_words

# So many steps of a scenario are listed beside others.
STEPS_BESIDE = 6


@dataclass(frozen=True)
class StepLine:
    """A step in words, with what of it does not fit any more."""

    number: int
    text: str
    notices: list[str]


@dataclass(frozen=True)
class MoveLine:
    """A move of a proposal."""

    number: int
    account_id: int
    account: str
    owner: str
    to: str
    hours: str
    why: str
    notices: list[str]
    is_chosen: bool


@dataclass(frozen=True)
class ScenarioLine:
    """A scenario in the list."""

    id: int
    name: str
    kind: str
    steps: str
    state: str
    mark: str
    made: str
    actor: str


def thought_through(scenario: Scenario, today: date) -> tuple[State, Applied]:
    """The state as it is, and after the scenario's steps."""
    state = read_state_for(scenario.steps, today)
    say = step_words if scenario.kind == ScenarioKind.WHAT_IF else no_words
    return state, apply_steps(state, scenario.steps, say)


def no_words(state: State, step: Step) -> str:
    """The moves of a proposal are listed, each with its reason."""
    return ""


def comparison_of(scenario: Scenario, state: State, applied: Applied) -> dict[str, Any]:
    """Before and after; of an applied scenario as it was then."""
    kept: dict[str, Any] | None = scenario.outcome.get("comparison")
    return kept or compare(state, applied.state)


def step_lines(scenario: Scenario, applied: Applied) -> list[StepLine]:
    """The steps in words; of an applied scenario as they were then, without notices."""
    texts: list[str] = scenario.outcome.get("words") or applied.texts
    return [
        StepLine(n, text, [] if scenario.applied_at else notices)
        for n, (text, notices) in enumerate(zip(texts, applied.notices, strict=True))
    ]


def move_lines(scenario: Scenario, state: State, applied: Applied) -> list[MoveLine]:
    """The moves of a proposal with their reasons."""
    chosen = scenario.outcome.get("chosen")
    return [
        _move_line(n, step, state, [] if scenario.applied_at else notices, chosen is None or n in chosen)
        for n, (step, notices) in enumerate(zip(scenario.steps, applied.notices, strict=True))
    ]


def _move_line(n: int, step: dict[str, Any], state: State, notices: list[str], is_chosen: bool) -> MoveLine:
    pk, owner = step["accounts"][0]
    row = state.accounts.get(pk)
    return MoveLine(
        number=n,
        account_id=pk,
        account=row.name if row else f"Account {pk}",
        owner=state.name_of(owner),
        to=state.name_of(step["to"]),
        hours=hours_words(Decimal(step["hours"])),
        why=step["why"],
        notices=notices,
        is_chosen=is_chosen,
    )


def scenario_lines(scenarios: Sequence[Scenario], workspace: Workspace) -> list[ScenarioLine]:
    """Scenarios as the list prints them; their jobs must be loaded."""
    names = told_apart(scenarios)
    return [_scenario_line(one, names[one.pk], day_in(workspace, one.created_at)) for one in scenarios]


def _scenario_line(scenario: Scenario, name: str, made_on: date) -> ScenarioLine:
    state, mark = standing(scenario)
    is_proposal = scenario.kind == ScenarioKind.PROPOSAL
    return ScenarioLine(
        id=scenario.pk,
        name=name,
        kind=str(scenario.get_kind_display()),
        steps=plural(len(scenario.steps), "move" if is_proposal else "step"),
        state=state,
        mark=mark,
        made=times.day(made_on),
        actor=scenario.actor,
    )


def standing(scenario: Scenario) -> tuple[str, str]:
    """Where a scenario stands, in a word and a mark."""
    if is_undone(scenario):
        return "Undone", "closed"
    if scenario.applied_at:
        return "Applied", "done"
    if scenario.job and not scenario.job.is_finished:
        return "Being worked out", "running"
    if scenario.job and scenario.job.status == "dead":
        return "Failed", "failed"
    return ("Proposed" if scenario.kind == ScenarioKind.PROPOSAL else "Not applied"), "draft"


def is_undone(scenario: Scenario) -> bool:
    """Whether it was applied and taken back, here or on the page of its changes."""
    undone = scenario.change_set is not None and scenario.change_set.undone_at is not None
    return "undone" in scenario.outcome or (undone and not scenario.outcome.get("versions"))


@dataclass(frozen=True)
class Side:
    """One scenario beside others: what it does, and its name, hours too much and the change of them in
    each quarter."""

    id: int
    name: str
    steps: list[str]
    cells: list[tuple[str, str, str]]
    moved: str
    most: str


def side_by_side(scenarios: list[Scenario], state: State) -> tuple[list[str], Side, list[Side]]:
    """The quarters, the state as it is, and the scenarios, each beside the others."""
    names = told_apart(scenarios)
    sides = [_side(scenario, names[scenario.pk], state) for scenario in scenarios]
    now = compare(state, state)
    cells = [("As it is", hours_words(hours), "") for hours in too_much(now, 0)]
    return state.quarter_names(), Side(0, "As it is", [], cells, "", _most(now)), sides


def told_apart(scenarios: Sequence[Scenario]) -> dict[int, str]:
    """Id → name; where several have the same, with their number, which is that of their address."""
    counts = Counter(one.name for one in scenarios)
    return {one.pk: f"{one.name} (no. {one.pk})" if counts[one.name] > 1 else one.name for one in scenarios}


def _side(scenario: Scenario, name: str, state: State) -> Side:
    applied = apply_steps(state, scenario.steps, step_words)
    found = compare(state, applied.state)
    pairs = zip(too_much(found, 0), too_much(found, 1), strict=True)
    moved = sum(row.owner != state.accounts[pk].owner for pk, row in applied.state.accounts.items())
    return Side(
        id=scenario.pk,
        name=name,
        steps=cut([line.text for line in step_lines(scenario, applied)]),
        cells=[(name, hours_words(after), signed_gap(after, before)) for before, after in pairs],
        moved=number(moved),
        most=_most(found),
    )


def cut(texts: list[str]) -> list[str]:
    """The first texts, and how many more there are."""
    more = len(texts) - STEPS_BESIDE
    return [*texts[:STEPS_BESIDE], f"and {number(more)} more"] if more > 0 else texts


def _most(found: dict[str, Any]) -> str:
    """Who is promised most beyond what they have, in the worst quarter; accounts without an owner are
    named as such, because "Nobody" would read as if all were well."""
    worst, name = max(
        (
            (difference(Decimal(need[1]), Decimal(has[1])), "No owner" if row["id"] is None else row["name"])
            for row in found["csms"]
            for need, has in zip(row["need"], row["has"], strict=True)
        ),
        default=(Decimal(0), ""),
    )
    return f"{name}, {exact_hours(worst)}" if worst > 0 else DASH


def shown_comparison(found: dict[str, Any]) -> Comparison:
    """A comparison with those first whom it changes."""
    ready = shown(found)
    ready.csms.sort(key=lambda line: not line.is_changed)
    return ready
