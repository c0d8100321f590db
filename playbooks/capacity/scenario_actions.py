"""What-ifs and proposals: write their steps, apply one, take it back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.versions import check_version
from playbooks.capacity.arithmetic import quarter_name
from playbooks.capacity.models import Scenario, ScenarioKind

MOST_STEPS = 50


class ScenarioRefused(ValueError):
    """What a scenario cannot do; the text says why and what to do."""


@transaction.atomic
def create_scenario(*, by: Actor, name: str) -> Scenario:
    """Begin a what-if without steps."""
    scenario = Scenario.objects.create(name=name, actor=by.label[:160])
    record("began", scenario, by=by)
    return scenario


@transaction.atomic
def rename_scenario(scenario: Scenario, *, by: Actor, name: str, version: int | None = None) -> Scenario:
    """Give another name. Raises Conflict."""
    scenario = lock(scenario, version)
    if scenario.name != name:
        record("renamed", scenario, by=by, before={"name": scenario.name}, after={"name": name})
        scenario.name = name
        _save(scenario, "name")
    return scenario


@transaction.atomic
def add_step(
    scenario: Scenario, step: Mapping[str, Any], *, by: Actor, version: int | None = None
) -> Scenario:
    """Add a step at the end. Raises ScenarioRefused, Conflict."""
    scenario = lock_open(scenario, version)
    if scenario.kind != ScenarioKind.WHAT_IF:
        raise ScenarioRefused("A proposal has only the moves that were found. Begin a what-if for steps.")
    if len(scenario.steps) >= MOST_STEPS:
        raise ScenarioRefused(f"A scenario has {MOST_STEPS} steps at most. Apply this one, or begin another.")
    scenario.steps = [*scenario.steps, dict(step)]
    _save(scenario, "steps")
    record("added a step to", scenario, by=by, after={"steps": len(scenario.steps)})
    return scenario


@transaction.atomic
def remove_step(scenario: Scenario, number: int, *, by: Actor, version: int | None = None) -> Scenario:
    """Take a step out, counted from 0. Raises ScenarioRefused, Conflict."""
    scenario = lock_open(scenario, version)
    if not 0 <= number < len(scenario.steps):
        raise ScenarioRefused("That step is not there any more.")
    scenario.steps = without(scenario.steps, number)
    _save(scenario, "steps")
    record("removed a step from", scenario, by=by, after={"steps": len(scenario.steps)})
    return scenario


def without(steps: Sequence[Mapping[str, Any]], number: int) -> list[Mapping[str, Any]]:
    """The steps but one; with a CSM who is only thought of, what needs them goes too."""
    gone, rest = steps[number], [step for n, step in enumerate(steps) if n != number]
    if gone["do"] != "add_csm":
        return rest
    rest = [step for step in rest if step.get("csm") != gone["id"] and step.get("to") != gone["id"]]
    return [
        {**step, "to": [pk for pk in step["to"] if pk != gone["id"]]} if step["do"] == "lose_csm" else step
        for step in rest
    ]


@transaction.atomic
def delete_scenario(scenario: Scenario, *, by: Actor, version: int | None = None) -> None:
    """Remove a scenario that was not applied. Raises ScenarioRefused, Conflict."""
    scenario = lock_open(scenario, version)
    record("deleted", scenario, by=by)
    scenario.delete()


@transaction.atomic
def request_proposal(*, by: Actor, quarter: date) -> Scenario:
    """Let a worker look for the least movement that balances a quarter; one that is being looked for is
    returned instead."""
    waiting = Scenario.objects.filter(
        kind=ScenarioKind.PROPOSAL,
        outcome={"quarter": quarter.isoformat()},
        job__status__in=["queued", "running"],
    ).first()
    if waiting:
        return waiting
    name = f"Balance {quarter_name(quarter)}, {times.day(today())}"
    scenario = Scenario.objects.create(
        name=name,
        kind=ScenarioKind.PROPOSAL,
        outcome={"quarter": quarter.isoformat()},
        actor=by.label[:160],
    )
    scenario.job = start_job(
        "capacity.balance", f"Balance books for {quarter_name(quarter)}", by=by, scenario_id=scenario.pk
    )
    scenario.save(update_fields=["job"])
    record("asked for", scenario, by=by)
    return scenario


@transaction.atomic
def keep_proposal(scenario_id: int, steps: list[dict[str, Any]], outcome: dict[str, Any]) -> None:
    """Write down what the optimiser found; nothing if the proposal was deleted meanwhile."""
    scenario = Scenario.objects.select_for_update(of=["self"]).filter(pk=scenario_id, applied_at=None).first()
    if scenario:
        scenario.steps, scenario.outcome = steps, outcome
        _save(scenario, "steps", "outcome")


def lock(scenario: Scenario, version: int | None = None) -> Scenario:
    """The scenario, locked. Raises Conflict, and ScenarioRefused if it was deleted."""
    locked = Scenario.objects.select_for_update(of=["self"]).filter(pk=scenario.pk).first()
    if locked is None:
        raise ScenarioRefused("This scenario was deleted.")
    check_version(locked, version)
    return locked


def lock_open(scenario: Scenario, version: int | None = None) -> Scenario:
    """The same, if it was not applied yet. Raises ScenarioRefused else."""
    locked = lock(scenario)
    if locked.applied_at:
        raise ScenarioRefused(f"{locked.name} was applied by {locked.applied_by} already.")
    check_version(locked, version)
    return locked


def _save(scenario: Scenario, *fields: str) -> None:
    scenario.version += 1
    scenario.save(update_fields=[*fields, "version"])


def mark_applied(scenario: Scenario, by: Actor, **values: Any) -> None:
    """Note that, when and by whom it was applied."""
    scenario.applied_at, scenario.applied_by = timezone.now(), by.label[:160]
    for field, value in values.items():
        setattr(scenario, field, value)
    _save(scenario, "applied_at", "applied_by", *values)
