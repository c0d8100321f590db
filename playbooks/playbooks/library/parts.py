"""What ready-made playbooks are written with: plain data, and a word for each kind of step.

They name indicators and metrics by key, because ids differ from workspace to workspace; `resolving` turns
keys into ids, and says what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

StepData = dict[str, Any]


@dataclass(frozen=True)
class Ready:
    """A ready-made playbook.

    starts: its trigger in words. trigger: as in a definition, but with the "keys" of indicators, of which
    those that are there are taken. measures: conditions of which the first that can be resolved measures
    success; an indicator in one is named by keys too.
    """

    key: str
    name: str
    purpose: str
    starts: str
    trigger: dict[str, Any]
    steps: Sequence[StepData]
    measures: Sequence[dict[str, Any]]
    success: str
    window_days: int
    stages: Sequence[str] = ()
    rest_days: int = 30


def task(
    key: str,
    title: str,
    *,
    due: int,
    done_when: str,
    how_to: str,
    role: str = "owner",
    outcomes: Sequence[str] = (),
    then: str = "",
) -> StepData:
    """Something that a person does; due in so many working days."""
    params = {
        "title": title,
        "owner_role": role,
        "due_days": due,
        "done_when": done_when,
        "how_to": how_to,
        "outcomes": list(outcomes),
    }
    return _step(key, "task", title, params, then)


def notice(key: str, text: str, *, to: str = "owner", title: str = "", then: str = "") -> StepData:
    """Tell colleagues: "owner", "managers" or "team"."""
    return _step(key, "notice", title or "Tell the team", {"to": to, "text": text}, then)


def wait(key: str, days: int, title: str, *, working: bool = False, then: str = "") -> StepData:
    """Let days pass."""
    return _step(key, "wait", title, {"until": "workdays" if working else "days", "days": days}, then)


def wait_for(key: str, condition: dict[str, Any], at_most: int, title: str, *, then: str = "") -> StepData:
    """Wait until something holds, but not for ever."""
    return _step(key, "wait", title, {"until": "condition", "days": at_most, "condition": condition}, then)


def until_renewal(key: str, days: int, title: str, *, then: str = "") -> StepData:
    """Wait until so many days before the renewal."""
    return _step(key, "wait", title, {"until": "renewal", "days": -days}, then)


def branch(key: str, title: str, condition: dict[str, Any], *, yes: str = "", no: str = "") -> StepData:
    """Part the ways."""
    return _step(key, "branch", title, {"condition": condition, "yes": yes, "no": no}, "")


def ended(step: str, outcome: str) -> dict[str, Any]:
    """The condition that an earlier step ended so."""
    return {"kind": "outcome", "step": step, "is": outcome}


RESOLVED = {"kind": "signal", "is": "resolved"}


def email(
    key: str, template: str, title: str, *, to: str = "champion", fallback: str = "main", then: str = ""
) -> StepData:
    """Write to contacts of the account, from a template, as its CSM; fallback "": else a person decides."""
    params = {"template": template, "to_role": to, "fallback": fallback, "review": True}
    return _step(key, "email", title, params, then)


def recommendation(
    key: str, title: str, *, text: str, why: str, features: Sequence[str] = (), due: int = 30, then: str = ""
) -> StepData:
    """Advise the customer in the portal."""
    params = {"title": title, "text": text, "why": why, "features": list(features), "due_days": due}
    return _step(key, "recommendation", title, params, then)


def change_stage(key: str, stage: str, title: str, *, then: str = "") -> StepData:
    """Move the account on in its life."""
    return _step(key, "change", title, {"field": "stage", "stage": stage}, then)


def _step(key: str, kind: str, title: str, params: dict[str, Any], then: str) -> StepData:
    return {"key": key, "kind": kind, "title": title, "params": params, "then": then}


def lacks(*keys: str) -> dict[str, Any]:
    """The measure that an indicator holds no more; the first of the keys that is there."""
    return {"kind": "indicator", "keys": list(keys), "holds": False}


def signal_of(*keys: str) -> dict[str, Any]:
    """The trigger that one of these indicators raises a signal."""
    return {"kind": "signal", "keys": list(keys), "signal_kinds": [], "severity": 1}
