"""Changing the draft of a playbook: its steps one by one, its trigger, audience and success measure.

Every function locks the playbook, raises Conflict if it is not at the `version` that the person saw, and
NotPossible without a draft. A draft may be unfinished; what is wrong with it is shown until it is published.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from playbooks.playbooks.actions import NotPossible, lock_playbook, touch
from playbooks.playbooks.checking import BRANCH, WAYS
from playbooks.playbooks.definition import (
    MOST_STEPS,
    PARTS,
    BadDefinition,
    Complaint,
    definition_json,
    read_definition,
    read_version,
)
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.queries import draft_of
from playbooks.playbooks.shapes import Definition, Step

Change = Callable[[Definition], Definition]


@transaction.atomic
def _change(
    playbook: Playbook, change: Change, verb: str, by: Actor, version: int | None, about: Any
) -> None:
    locked = lock_playbook(playbook, version)
    draft = draft_of(locked)
    if draft is None:
        raise NotPossible("There is no draft to change. Edit the playbook first.")
    before = {name: getattr(draft, name) for name in PARTS}
    # Read again after the change, so that nothing gets in that could not be read back.
    after = definition_json(read_definition(definition_json(change(read_version(draft)))))
    if after == before:
        return
    for name in PARTS:
        setattr(draft, name, after[name])
    draft.save(update_fields=list(PARTS))
    touch(locked, by)
    record(verb, locked, by=by, before=about(before), after=about(after))


def _steps_of(data: dict[str, Any]) -> dict[str, Any]:
    return {"steps": [f"{step['kind']}: {step['title']}" for step in data["steps"]]}


def _step_of(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def pick(data: dict[str, Any]) -> dict[str, Any]:
        return {"step": next((step for step in data["steps"] if step["key"] == key), None)}

    return pick


def free_key(steps: tuple[Step, ...]) -> str:
    """A key that no step has: s1, s2, …"""
    taken = {step.key for step in steps}
    return next(key for number in range(1, len(taken) + 2) if (key := f"s{number}") not in taken)


def _place(steps: tuple[Step, ...], key: str) -> int:
    place = next((place for place, step in enumerate(steps) if step.key == key), None)
    if place is None:
        raise NotPossible("This step is not in the draft any more.")
    return place


def _room(definition: Definition) -> None:
    if len(definition.steps) >= MOST_STEPS:
        text = f"A playbook has at most {MOST_STEPS} steps. Remove one first, or split it into two playbooks."
        raise BadDefinition([Complaint(text)])


def add_step(
    playbook: Playbook, step: Step, *, by: Actor, after: str | None = None, version: int | None = None
) -> str:
    """Put a step behind another one (None: at the end); its key, which is made here."""
    made = ""

    def change(definition: Definition) -> Definition:
        nonlocal made
        _room(definition)
        steps = list(definition.steps)
        made = free_key(definition.steps)
        place = _place(definition.steps, after) + 1 if after else len(steps)
        steps.insert(place, replace(step, key=made))
        return replace(definition, steps=tuple(steps))

    _change(playbook, change, "added a step to", by, version, _steps_of)
    return made


def edit_step(playbook: Playbook, step: Step, *, by: Actor, version: int | None = None) -> None:
    """Put a step in the place of the one with its key."""

    def change(definition: Definition) -> Definition:
        _place(definition.steps, step.key)
        steps = tuple(step if item.key == step.key else item for item in definition.steps)
        return replace(definition, steps=steps)

    _change(playbook, change, "edited a step of", by, version, _step_of(step.key))


def move_step(playbook: Playbook, key: str, *, up: bool, by: Actor, version: int | None = None) -> None:
    """Swap a step with the one before or after it; at the end nothing happens."""

    def change(definition: Definition) -> Definition:
        steps = list(definition.steps)
        place = _place(definition.steps, key)
        other = place - 1 if up else place + 1
        if 0 <= other < len(steps):
            steps[place], steps[other] = steps[other], steps[place]
        return replace(definition, steps=tuple(steps))

    _change(playbook, change, "moved a step of", by, version, _steps_of)


def copy_step(playbook: Playbook, key: str, *, by: Actor, version: int | None = None) -> None:
    """Put a copy of a step behind it."""

    def change(definition: Definition) -> Definition:
        _room(definition)
        place = _place(definition.steps, key)
        steps = list(definition.steps)
        steps.insert(place + 1, replace(steps[place], key=free_key(definition.steps)))
        return replace(definition, steps=tuple(steps))

    _change(playbook, change, "copied a step of", by, version, _steps_of)


def remove_step(playbook: Playbook, key: str, *, by: Actor, version: int | None = None) -> None:
    """Take a step out; ways that led to it lead to the next step instead."""

    def change(definition: Definition) -> Definition:
        _place(definition.steps, key)
        kept = [_without(step, key) for step in definition.steps if step.key != key]
        return replace(definition, steps=tuple(kept))

    _change(playbook, change, "removed a step from", by, version, _steps_of)


def _without(step: Step, key: str) -> Step:
    if step.kind == BRANCH:
        cleared = {way: "" for way in WAYS if step.params.get(way) == key}
        return replace(step, params={**step.params, **cleared})
    return replace(step, then="") if step.then == key else step


def set_part(playbook: Playbook, part: str, data: Any, *, by: Actor, version: int | None = None) -> None:
    """Set the trigger, the audience or the success measure from JSON. Raises BadDefinition."""

    def change(definition: Definition) -> Definition:
        return read_definition({**definition_json(definition), part: data})

    def about(parts: dict[str, Any]) -> dict[str, Any]:
        return {part: parts[part]}

    _change(playbook, change, f"edited the {part} of", by, version, about)
