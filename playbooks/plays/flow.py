"""How a play goes through its version's steps. Pure functions over the version's JSON: only ever forward."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbooks.playbooks.steps import step_kind

END = "end"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Planned:
    """A step as the version has it."""

    key: str
    kind: str
    title: str
    params: Mapping[str, Any] = field(default_factory=dict)
    then: str = ""


def planned_steps(steps: Sequence[Mapping[str, Any]]) -> list[Planned]:
    """The steps of a version's JSON, in order."""
    return [
        Planned(
            str(step["key"]),
            str(step["kind"]),
            str(step.get("title", "")),
            step.get("params") or {},
            str(step.get("then") or ""),
        )
        for step in steps
    ]


def earlier_of(steps: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, Sequence[tuple[str, str]]]]:
    """Key → (title, results) of steps, for words about how one of them ended."""
    found: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {}
    for step in planned_steps(steps):
        kind = step_kind(step.kind)
        found[step.key] = (step.title or step.key, tuple(kind.outcomes(dict(step.params))) if kind else ())
    return found


def with_titles(text: str, titles: Mapping[str, str]) -> str:
    """Words about a condition with the titles of steps for their keys, which nobody has chosen."""
    for key, title in titles.items():
        text = text.replace(f"“{key}” ended", f"“{title}” ended")
    return text


def asks_how(plan: Sequence[Planned], key: str) -> bool:
    """Whether a branch or wait of the plan looks at how the step with that key ended."""
    conditions = [one.params.get("condition") for one in plan]
    return any(isinstance(one, Mapping) and one.get("step") == key for one in conditions)


def target_of(step: Planned, outcome: str) -> str:
    """Where the way leads after a step that ended so: a key, END, or "" for the next in the list.

    A branch that was not decided (skipped by a person) goes on with the next.
    """
    if step.kind == "branch" and outcome in (YES, NO):
        return str(step.params.get(outcome) or "")
    return step.then


def next_of(plan: Sequence[Planned], at: Planned) -> list[str]:
    """The keys of the steps that may follow a step: two after a branch, none at the end."""
    keys = [one.key for one in plan]
    targets = [target_of(at, outcome) for outcome in ((YES, NO) if at.kind == "branch" else ("",))]
    out = [passed_over(keys, at.key, target) for target in targets]
    later = keys[keys.index(at.key) + 1 :]
    ways = [next((key for key in later if key not in gone), None) for gone in out]
    return [key for key in dict.fromkeys(ways) if key is not None]


def passed_over(keys: Sequence[str], at: str, target: str) -> list[str]:
    """The keys that the way from one step to a later one, or to the end, leaves out.

    A target that is not later is no target: the next step follows, so that a play always ends.
    """
    later = list(keys[keys.index(at) + 1 :])
    if target == END:
        return later
    return later[: later.index(target)] if target in later else []
