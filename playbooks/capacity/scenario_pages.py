"""What the pages of what-ifs and proposals print."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from csworkspace.web import times
from csworkspace.web.formats import number, plural
from playbooks.capacity.comparing import Comparison, compare, shown, too_much
from playbooks.capacity.models import Scenario, ScenarioKind
from playbooks.capacity.queries import read_state_for
from playbooks.capacity.state import State
from playbooks.capacity.steps import Applied, Step, apply_steps
from playbooks.capacity.words import difference, hours_words, signed_gap, step_words


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
    """The steps in words; of an applied scenario without notices."""
    return [
        StepLine(n, text, [] if scenario.applied_at else notices)
        for n, (text, notices) in enumerate(zip(applied.texts, applied.notices, strict=True))
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


def scenario_line(scenario: Scenario) -> ScenarioLine:
    """A scenario as the list prints it; the job must be loaded."""
    state, mark = standing(scenario)
    is_proposal = scenario.kind == ScenarioKind.PROPOSAL
    return ScenarioLine(
        id=scenario.pk,
        name=scenario.name,
        kind=str(scenario.get_kind_display()),
        steps=plural(len(scenario.steps), "move" if is_proposal else "step"),
        state=state,
        mark=mark,
        made=times.day(scenario.created_at.date()),
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
    """One scenario beside others: what it does, and hours too much in each quarter."""

    id: int
    name: str
    steps: list[str]
    cells: list[tuple[str, str]]
    moved: str
    most: str


def side_by_side(scenarios: list[Scenario], state: State) -> tuple[list[str], Side, list[Side]]:
    """The quarters, the state as it is, and the scenarios, each beside the others."""
    sides = [_side(scenario, state) for scenario in scenarios]
    now = compare(state, state)
    cells = [(hours_words(hours), "") for hours in too_much(now, 0)]
    return state.quarter_names(), Side(0, "As it is", [], cells, "", _most(now)), sides


def _side(scenario: Scenario, state: State) -> Side:
    applied = apply_steps(state, scenario.steps, step_words)
    found = compare(state, applied.state)
    pairs = zip(too_much(found, 0), too_much(found, 1), strict=True)
    moved = sum(row.owner != state.accounts[pk].owner for pk, row in applied.state.accounts.items())
    return Side(
        id=scenario.pk,
        name=scenario.name,
        steps=[line.text for line in step_lines(scenario, applied)[:6]],
        cells=[(hours_words(after), signed_gap(after, before)) for before, after in pairs],
        moved=number(moved),
        most=_most(found),
    )


def _most(found: dict[str, Any]) -> str:
    """Who is promised most beyond what they have, in the worst quarter."""
    worst = max(
        (
            (difference(Decimal(need[1]), Decimal(has[1])), row["name"])
            for row in found["csms"]
            for need, has in zip(row["need"], row["has"], strict=True)
        ),
        default=(Decimal(0), ""),
    )
    return f"{worst[1]}, {hours_words(worst[0])}" if worst[0] > 0 else "Nobody"


def shown_comparison(found: dict[str, Any]) -> Comparison:
    """A comparison with those first whom it changes."""
    ready = shown(found)
    ready.csms.sort(key=lambda line: not line.is_changed)
    return ready
