"""Ready-made playbooks made fit for a workspace: keys become ids, and what is missing is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from csworkspace.audit.actor import Actor
from playbooks.messages.library import LIBRARY
from playbooks.messages.templates import ensure_templates
from playbooks.playbooks.actions import create_playbook, free_name
from playbooks.playbooks.definition import read_definition
from playbooks.playbooks.library.parts import Ready
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Named, Names
from playbooks.playbooks.shapes import Definition


@dataclass(frozen=True)
class Resolved:
    """The definition as it would be in this workspace, and what a person has to look at first."""

    definition: Definition
    hints: Sequence[str]


def resolve(ready: Ready, names: Names) -> Resolved:
    """The definition of a ready-made playbook for the open workspace; nothing is written."""
    trigger, hints = _trigger(ready, names)
    # Without a signal there is none that could be resolved: that measures nothing for a play by hand.
    measures = [m for m in ready.measures if trigger["kind"] == "signal" or m["kind"] != "signal"]
    if len(trigger.get("indicators", [])) > 1:
        # Of several indicators it is the play's own signal that tells, not the first indicator of the list.
        measures = sorted(measures, key=lambda one: one["kind"] != "signal")
    condition = next((found for one in measures if (found := _condition(one, names))), None)
    if condition is None:
        hints = [*hints, "Choose how its success is measured: the indicator it looks at is not here yet."]
    success = {"condition": condition or {}, "window_days": ready.window_days, "words": ready.success}
    audience = {"segment": None, "stages": list(ready.stages), "tiers": []}
    data = {"trigger": trigger, "audience": audience, "steps": list(ready.steps), "success": success}
    return Resolved(read_definition(data), hints)


def _ids(keys: Sequence[str], names: Names) -> list[int]:
    by_key: Mapping[str, int] = {one.key: pk for pk, one in names.indicators.items() if _is_fit(one)}
    return [by_key[key] for key in keys if key in by_key]


def _is_fit(one: Named) -> bool:
    return not one.problem


def _trigger(ready: Ready, names: Names) -> tuple[dict[str, Any], list[str]]:
    trigger = dict(ready.trigger)
    keys = trigger.pop("keys", [])
    if trigger["kind"] != "signal":
        return trigger, []
    found = _ids(keys, names)
    if keys and not found:
        hint = f"It is meant to start by itself: {ready.starts[:1].lower()}{ready.starts[1:]}. "
        hint += "That indicator is not here yet, so it starts by hand. Add it, then choose it as the trigger."
        return {"kind": "manual", "hint": hint}, [hint]
    return {**trigger, "indicators": found}, []


def _condition(measure: Mapping[str, Any], names: Names) -> dict[str, Any] | None:
    if "keys" not in measure:
        return dict(measure)
    found = _ids(measure["keys"], names)
    return {"kind": "indicator", "indicator": found[0], "holds": measure["holds"]} if found else None


@transaction.atomic
def use_ready(ready: Ready, *, by: Actor) -> Playbook:
    """A draft of a ready-made playbook, with the e-mail templates that it needs."""
    resolved = resolve(ready, Names())
    ensure_mails(resolved.definition, by=by)
    return create_playbook(
        by=by,
        name=free_name(ready.name),
        purpose=ready.purpose,
        library_key=ready.key,
        definition=resolved.definition,
        rest_days=ready.rest_days,
    )


def ensure_mails(definition: Definition, *, by: Actor) -> None:
    """Make the library's templates that a definition's e-mails name and that are not there yet."""
    wanted = {str(step.params.get("template", "")) for step in definition.steps if step.kind == "email"}
    ensure_templates([LIBRARY[key] for key in sorted(wanted & set(LIBRARY))], by=by)
