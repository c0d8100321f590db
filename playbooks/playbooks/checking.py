"""What keeps a definition from working now: things that are gone, steps half filled in, wrong ways."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS

from playbooks.playbooks import conditions
from playbooks.playbooks.definition import Complaint
from playbooks.playbooks.names import Names, problem_of
from playbooks.playbooks.once import reading_once
from playbooks.playbooks.shapes import END, Definition, Step
from playbooks.playbooks.steps import Around, StepKind, step_kind

BRANCH = "branch"
SAME_WAY = "Both ways lead to the same step, so that it decides nothing. Choose another for one of them."
WAYS = ("yes", "no")


def problems_of(definition: Definition, names: Names | None = None) -> list[Complaint]:
    """Everything that is to be put right before it can be published; empty if it is ready."""
    with reading_once():
        names = names or Names()
        return [
            *trigger_problems(definition, names),
            *audience_problems(definition, names),
            *steps_problems(definition, names),
            *success_problems(definition, names),
        ]


def trigger_problems(definition: Definition, names: Names) -> Iterator[Complaint]:
    """What the trigger names and is gone."""
    trigger = definition.trigger
    texts = [("indicators", problem_of(names.indicators, pk, "indicator")) for pk in trigger.indicators]
    texts += [("to", problem_of(names.tiers, pk, "tier")) for pk in trigger.tiers]
    if trigger.kind == "segment":
        texts.append(("segment", problem_of(names.segments, trigger.segment, "segment")))
    for field, text in texts:
        if text:
            yield Complaint(text, "trigger", field=field)


def audience_problems(definition: Definition, names: Names) -> Iterator[Complaint]:
    """What the audience names and is gone."""
    audience = definition.audience
    if audience.segment is not None and (text := problem_of(names.segments, audience.segment, "segment")):
        yield Complaint(text, "audience", field="segment")
    for pk in audience.tiers:
        if text := problem_of(names.tiers, pk, "tier"):
            yield Complaint(text, "audience", field="tiers")


def success_problems(definition: Definition, names: Names) -> Iterator[Complaint]:
    """A playbook says what it is to reach."""
    success = definition.success
    if success.condition is None:
        text = "Say how you will know that it worked: choose what is looked at, and within how many days."
        yield Complaint(text, "success")
        return
    text = conditions.check(success.condition, names, outcomes_of(definition.steps))
    if text:
        yield Complaint(text, "success", field="condition")


def steps_problems(definition: Definition, names: Names) -> Iterator[Complaint]:
    """Of each step: its kind, its details, and where it leads; and steps that no way leads to."""
    if not definition.steps:
        yield Complaint("Add at least one step.", "steps")
        return
    reached = reachable(definition)
    for place, step in enumerate(definition.steps):
        where = f"Step {place + 1}" + (f", “{step.title}”" if step.title else "")
        for field, text in _step_problems(definition, place, step, names):
            yield Complaint(text, "steps", step.key, field, where)
        if step.kind == BRANCH and _decides_nothing(definition, place, step):
            yield Complaint(SAME_WAY, "steps", step.key, "no", where)
        if step.key not in reached:
            text = "No way leads to this step. Remove it, or let an earlier step lead to it."
            yield Complaint(text, "steps", step.key, where=where)


def _step_problems(definition: Definition, place: int, step: Step, names: Names) -> Iterator[tuple[str, str]]:
    kind = step_kind(step.kind)
    if kind is None:
        yield "", f"There is no kind of step “{step.kind}” here. Remove the step, or choose another kind."
    else:
        found = params_problems(kind, step, around_of(definition, step.key), names)
        # Where it leads is looked at below, in better words.
        yield from (one for one in found if one[0] not in WAYS or step.kind != BRANCH)
    for field, target in ways_of(step):
        if not leads_forward(definition, place, target):
            yield field, "It leads to a step that is gone or lies before. Choose a later one."


def params_problems(kind: StepKind, step: Step, around: Around, names: Names) -> Iterator[tuple[str, str]]:
    """What the kind says about the details: (field, sentence) pairs."""
    form = form_of(kind, step.params, around=around, bound=True)
    for name, errors in form.errors.items():
        for error in errors:
            yield ("" if name == NON_FIELD_ERRORS else str(name)), str(error)
    if not form.errors:
        yield from (("", text) for text in kind.check(step.params))
    if step.params.get("condition") and (
        text := conditions.check(step.params["condition"], names, around.earlier)
    ):
        yield "condition", text


def _decides_nothing(definition: Definition, place: int, step: Step) -> bool:
    """Whether both ways lead to one step; at the end it may decide about the success."""
    ways = {next_key(definition, place, target) for _, target in ways_of(step)}
    return len(ways) == 1 and ways != {END}


def form_of(
    kind: StepKind, params: dict[str, Any], *, around: Around, data: Any = None, bound: bool = False
) -> Any:
    """The kind's form: filled with parameters, bound to what was sent (`data`), or to the parameters."""
    raw = kind.form.raw(params)
    if bound:
        return kind.form(raw, initial={**params, **raw}, around=around)
    return kind.form(data, initial={**params, **raw}, around=around)


def ways_of(step: Step) -> list[tuple[str, str]]:
    """Where a step may lead, as (field, target) pairs."""
    if step.kind == BRANCH:
        return [(way, str(step.params.get(way, ""))) for way in WAYS]
    return [("then", step.then)]


def leads_forward(definition: Definition, place: int, target: str) -> bool:
    """Whether the target is the next step, the end, or a step after this one."""
    return target in ("", END) or any(step.key == target for step in definition.steps[place + 1 :])


def next_key(definition: Definition, place: int, target: str) -> str:
    """The key of the step that a way leads to; END after the last one."""
    if target:
        return target
    return definition.steps[place + 1].key if place + 1 < len(definition.steps) else END


def reachable(definition: Definition) -> set[str]:
    """The keys of the steps to which some way leads from the first one."""
    places = {step.key: place for place, step in enumerate(definition.steps)}
    found: set[str] = set()
    waiting = [definition.steps[0].key] if definition.steps else []
    while waiting:
        key = waiting.pop()
        if key in found or key not in places:
            continue
        found.add(key)
        step = definition.steps[places[key]]
        waiting += [next_key(definition, places[key], target) for _, target in ways_of(step)]
    return found


def outcomes_of(steps: tuple[Step, ...]) -> dict[str, tuple[str, Any]]:
    """What conditions may look at: key → (title, outcomes)."""
    found = {}
    for step in steps:
        kind = step_kind(step.kind)
        if kind:
            found[step.key] = (step.title or kind.label, list(kind.outcomes(step.params)))
    return found


def around_of(definition: Definition, key: str | None, after: str | None = None) -> Around:
    """What lies around a step; for a new one (no key) around the place after `after`, else at the end."""
    keys = [step.key for step in definition.steps]
    if key in keys:
        before, later = keys.index(key), keys.index(key) + 1
    else:
        before = later = keys.index(after) + 1 if after in keys else len(keys)
    ways = [(step.key, f"Step {keys.index(step.key) + 1}: {step.title}") for step in definition.steps[later:]]
    choices = [("", "The next step"), *ways, (END, "The end")]
    return Around(outcomes_of(definition.steps[:before]), choices)


def references_to(definition: Definition, key: str) -> list[str]:
    """What refers to a step, in words: ways that lead to it, and conditions that look at it."""
    found = []
    for number, step in enumerate(definition.steps, 1):
        if any(target == key for _, target in ways_of(step)):
            found.append(f"Step {number}, “{step.title}”, leads to it; it will go on with the next step.")
        if _looks_at(step.params.get("condition"), key):
            found.append(f"Step {number}, “{step.title}”, looks at its result; choose something else there.")
    condition = definition.success.condition
    if condition and condition.kind == "outcome" and condition.step == key:
        found.append("The success measure looks at its result; choose something else there.")
    return found


def _looks_at(condition: Any, key: str) -> bool:
    return isinstance(condition, dict) and condition.get("kind") == "outcome" and condition.get("step") == key
