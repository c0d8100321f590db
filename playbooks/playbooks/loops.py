"""Playbooks that could start each other in a circle, found from their definitions alone.

A `change` step that sets the stage starts playbooks whose trigger waits for that stage, and those whose
segment asks about the stage; one that sets the owner or a tag, those whose segment asks about that. What
stages and segments cannot tell (indicators, metrics) is left out: the engine limits such chains while plays
run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.accounts.models import Stage
from accounts.segments.models import Segment
from playbooks.playbooks.definition import BadDefinition, read_version
from playbooks.playbooks.models import PlaybookState, PlaybookVersion
from playbooks.playbooks.shapes import Definition

CHANGE = "change"
# What segments call the field that a change sets.
SEGMENT_FIELDS = {"add_tag": "tags", "remove_tag": "tags"}


@dataclass(frozen=True)
class Link:
    """A playbook, and what it changes so that the next one starts."""

    playbook_id: int
    name: str
    does: str


def loop_warnings(version: PlaybookVersion, definition: Definition) -> list[str]:
    """The circles through this playbook, one sentence each; three queries."""
    nodes = {version.playbook_id: (version.playbook.name, definition), **_others(version.playbook_id)}
    asked = _asked(nodes.values())
    return [_sentence(chain) for chain in _circles(version.playbook_id, nodes, asked)]


def _others(playbook_id: int) -> dict[int, tuple[str, Definition]]:
    rows = PlaybookVersion.objects.filter(playbook__state=PlaybookState.ACTIVE, published_at__isnull=False)
    found = {}
    for version in rows.select_related("playbook").exclude(playbook_id=playbook_id).order_by("pk"):
        if version.number == version.playbook.current:
            try:
                found[version.playbook_id] = (version.playbook.name, read_version(version))
            except BadDefinition:
                continue
    return found


def _asked(nodes: Any) -> dict[int, set[str]]:
    """The fields that the segments of triggers ask about."""
    ids = {definition.trigger.segment for _, definition in nodes} - {None}
    found = {}
    for pk, stored in Segment.objects.filter(pk__in=ids).values_list("pk", "definition"):
        groups = stored.get("groups", []) if isinstance(stored, dict) else []
        found[pk] = {condition.get("field") for group in groups for condition in group.get("conditions", [])}
    return found


def _circles(
    start: int, nodes: dict[int, tuple[str, Definition]], asked: dict[int, set[str]]
) -> list[list[Link]]:
    """The shortest circle over each first step out of the playbook; breadth first, so that it always ends."""
    found = []
    for first, does in _next(start, nodes, asked):
        chain = _way_back(start, first, [Link(start, nodes[start][0], does)], nodes, asked)
        if chain:
            found.append(chain)
    return found


def _way_back(
    start: int,
    first: int,
    chain: list[Link],
    nodes: dict[int, tuple[str, Definition]],
    asked: dict[int, set[str]],
) -> list[Link] | None:
    seen, waiting = {first}, [(first, chain)]
    while waiting:
        at, so_far = waiting.pop(0)
        if at == start:
            return so_far
        for other, does in _next(at, nodes, asked):
            if other not in seen:
                seen.add(other)
                waiting.append((other, [*so_far, Link(at, nodes[at][0], does)]))
    return None


def _next(
    at: int, nodes: dict[int, tuple[str, Definition]], asked: dict[int, set[str]]
) -> list[tuple[int, str]]:
    """The playbooks that this one could start, with what it changes; each once."""
    found: dict[int, str] = {}
    for field, to in _changes(nodes[at][1]):
        for other, (_, definition) in nodes.items():
            if other not in found and _starts(definition, field, to, asked):
                found[other] = _does(field, to)
    return list(found.items())


def _changes(definition: Definition) -> list[tuple[str, str]]:
    changes = [step.params for step in definition.steps if step.kind == CHANGE]
    fields = [(str(params.get("field", "")), params) for params in changes]
    return [(SEGMENT_FIELDS.get(field, field), str(params.get(field) or "")) for field, params in fields]


def _starts(definition: Definition, field: str, to: str, asked: dict[int, set[str]]) -> bool:
    trigger = definition.trigger
    if trigger.kind == "stage":
        return field == "stage" and to in trigger.stages
    return trigger.kind == "segment" and field in asked.get(trigger.segment or 0, set())


def _does(field: str, to: str) -> str:
    if field == "stage":
        return f"changes the stage to {str(Stage(to).label).lower() if to in Stage.values else to}"
    return f"changes the {field}"


def _sentence(chain: Sequence[Link]) -> str:
    following = [*chain[1:], chain[0]]
    pairs = zip(chain, following, strict=True)
    parts = [f"“{link.name}” {link.does}, which may start “{after.name}”" for link, after in pairs]
    return f"{'; '.join(parts)} again. A play stops after a few rounds, but check that this is what you want."
