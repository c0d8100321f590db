"""Changing a draft's levels and behaviours. Every function raises NotEditable for other frameworks."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from playbooks.frameworks.actions import MOST_LEVELS, lock_draft
from playbooks.frameworks.models import Behaviour, Evidence, Framework, Level

LEVEL = ("name", "description")
BEHAVIOUR = (
    "name",
    "description",
    "evidence",
    "features",
    "window_days",
    "metric",
    "comparison",
    "threshold",
    "question",
)
MOST_BEHAVIOURS = 20


@transaction.atomic
def add_level(framework: Framework, *, by: Actor, name: str, description: str = "") -> Level:
    """A new highest level. Raises ValueError beyond seven."""
    draft = lock_draft(framework.pk)
    count = draft.levels.count()
    if count >= MOST_LEVELS:
        raise ValueError(f"A framework has at most {MOST_LEVELS} levels. Remove one first.")
    level = Level.objects.create(framework=draft, position=count + 1, name=name, description=description)
    record("added level", draft, by=by, after=values_of(level, LEVEL))
    return level


@transaction.atomic
def edit_level(level: Level, *, by: Actor, name: str, description: str) -> Level:
    """Rename or describe a level."""
    draft = lock_draft(level.framework_id)
    before = values_of(level, LEVEL)
    level.name, level.description = name, description
    level.save()
    record("edited level", draft, by=by, before=before, after=values_of(level, LEVEL))
    return level


@transaction.atomic
def remove_level(level: Level, *, by: Actor) -> None:
    """Delete a level with its behaviours; those above move down."""
    draft = lock_draft(level.framework_id)
    record("removed level", draft, by=by, before=values_of(level, LEVEL))
    level.delete()
    _renumber(list(draft.levels.all()))


@transaction.atomic
def move_level(level: Level, *, by: Actor, up: bool) -> None:
    """Swap a level with the one above (up) or below it; at the end nothing happens."""
    draft = lock_draft(level.framework_id)
    levels = list(draft.levels.all())
    before = [item.name for item in levels]
    if _swap(levels, level.pk, 1 if up else -1):
        _renumber(levels)
        record(
            "moved level",
            draft,
            by=by,
            before={"levels": before},
            after={"levels": [item.name for item in levels]},
        )


@transaction.atomic
def add_behaviour(level: Level, *, by: Actor, **fields: Any) -> Behaviour:
    """A new last behaviour of a level; `fields` are those of the model. Raises ValueError beyond twenty."""
    draft = lock_draft(level.framework_id)
    count = level.behaviours.count()
    if count >= MOST_BEHAVIOURS:
        raise ValueError(f"A level has at most {MOST_BEHAVIOURS} behaviours. Remove one first.")
    behaviour = Behaviour.objects.create(level=level, position=count + 1, **fields)
    record("added behaviour", draft, by=by, after=values_of(behaviour, BEHAVIOUR))
    return behaviour


@transaction.atomic
def edit_behaviour(behaviour: Behaviour, *, by: Actor, **fields: Any) -> Behaviour:
    """Change a behaviour. A new question, or another kind of evidence, leaves the old answers behind."""
    draft = lock_draft(behaviour.level.framework_id)
    before = values_of(behaviour, BEHAVIOUR)
    question = (behaviour.evidence == Evidence.ANSWER, behaviour.question)
    for name, value in fields.items():
        setattr(behaviour, name, value)
    if question != (behaviour.evidence == Evidence.ANSWER, behaviour.question):
        behaviour.lineage = uuid4()
    behaviour.save()
    record("edited behaviour", draft, by=by, before=before, after=values_of(behaviour, BEHAVIOUR))
    return behaviour


@transaction.atomic
def remove_behaviour(behaviour: Behaviour, *, by: Actor) -> None:
    """Delete a behaviour."""
    draft = lock_draft(behaviour.level.framework_id)
    record("removed behaviour", draft, by=by, before=values_of(behaviour, BEHAVIOUR))
    level = behaviour.level
    behaviour.delete()
    _renumber(list(level.behaviours.all()))


@transaction.atomic
def move_behaviour(behaviour: Behaviour, *, by: Actor, up: bool) -> None:
    """Move a behaviour one place up or down the list; past the end it joins the neighbouring level."""
    draft = lock_draft(behaviour.level.framework_id)
    siblings = list(behaviour.level.behaviours.all())
    if _swap(siblings, behaviour.pk, -1 if up else 1):
        _renumber(siblings)
    elif not _join_neighbour(behaviour, draft, up=up):
        return
    record(
        "moved behaviour", draft, by=by, after={"behaviour": behaviour.name, "way": "up" if up else "down"}
    )


def _join_neighbour(behaviour: Behaviour, draft: Framework, *, up: bool) -> bool:
    # The page lists the lowest level first, so that up leads to the level below.
    position = behaviour.level.position + (-1 if up else 1)
    neighbour = draft.levels.filter(position=position).first()
    if neighbour is None or neighbour.behaviours.count() >= MOST_BEHAVIOURS:
        return False
    left, joined = behaviour.level, list(neighbour.behaviours.all())
    joined.insert(len(joined) if up else 0, behaviour)
    behaviour.level = neighbour
    _renumber(joined)
    _renumber(list(left.behaviours.all()))
    return True


def _swap(items: list[Any], pk: int, step: int) -> bool:
    index = next(i for i, item in enumerate(items) if item.pk == pk)
    other = index + step
    if not 0 <= other < len(items):
        return False
    items[index], items[other] = items[other], items[index]
    return True


def _renumber(items: list[Any]) -> None:
    """Positions from 1; the constraint is checked at the end of the transaction."""
    for position, item in enumerate(items, 1):
        item.position = position
        item.save()
