"""Making, publishing and ending playbooks. What is in a draft is changed in `editing`."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.web.versions import check_version
from playbooks.playbooks.checking import problems_of
from playbooks.playbooks.definition import (
    PARTS,
    BadDefinition,
    definition_json,
    read_definition,
    read_version,
)
from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
from playbooks.playbooks.queries import current_of, draft_of
from playbooks.playbooks.shapes import Definition

HEAD = ("name", "purpose", "is_parallel", "daily_limit", "rest_days")


class NotPossible(ValueError):
    """The playbook's state does not allow it; the text says why."""


def lock_playbook(playbook: Playbook, version: int | None = None) -> Playbook:
    """The playbook, locked for the transaction. Raises Conflict if somebody else changed it meanwhile."""
    locked = Playbook.objects.select_for_update(no_key=True).get(pk=playbook.pk)
    check_version(locked, version)
    return locked


def touch(playbook: Playbook, by: Actor, *fields: str) -> None:
    """Count a change of the (locked) playbook, and save these fields with it."""
    playbook.version += 1
    playbook.actor = by.label[:160]
    playbook.save(update_fields=[*fields, "version", "actor", "updated_at"])


def free_name(name: str) -> str:
    """The name, with a number behind it if it is taken."""
    taken = {
        known.lower()
        for known in Playbook.objects.filter(name__istartswith=name[:100]).values_list("name", flat=True)
    }
    tries = [name, *(f"{name[:112]} {number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one.lower() not in taken)


@transaction.atomic
def create_playbook(
    *,
    by: Actor,
    name: str,
    purpose: str = "",
    library_key: str = "",
    definition: Definition | None = None,
    **limits: Any,
) -> Playbook:
    """A new playbook with its first draft; `limits`: is_parallel, daily_limit, rest_days."""
    playbook = Playbook.objects.create(
        name=name, purpose=purpose, library_key=library_key, actor=by.label[:160], **limits
    )
    parts = definition_json(definition or read_definition({}))
    PlaybookVersion.objects.create(playbook=playbook, number=1, actor=by.label[:160], **parts)
    record("created", playbook, by=by, after=values_of(playbook, HEAD))
    return playbook


@transaction.atomic
def edit_playbook(playbook: Playbook, *, by: Actor, version: int | None = None, **fields: Any) -> Playbook:
    """Rename it, say what it is for, or set its limits (they hold for every version). Raises Conflict."""
    locked = lock_playbook(playbook, version)
    before = values_of(locked, HEAD)
    for name, value in fields.items():
        setattr(locked, name, value)
    if values_of(locked, HEAD) != before:
        touch(locked, by, *HEAD)
        record("edited", locked, by=by, before=before, after=values_of(locked, HEAD))
    return locked


@transaction.atomic
def start_draft(playbook: Playbook, *, by: Actor) -> PlaybookVersion:
    """The draft of the next version: the open one, or a copy of the current version."""
    locked = lock_playbook(playbook)
    if locked.state == PlaybookState.RETIRED:
        raise NotPossible(f"{locked} is retired and stays as it is. Copy it to go on from it.")
    draft = draft_of(locked)
    if draft:
        return draft
    source = current_of(locked)
    if source is None:
        raise NotPossible("There is no version to go on from.")
    number = (locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    parts = {name: getattr(source, name) for name in PARTS}
    draft = PlaybookVersion.objects.create(playbook=locked, number=number, actor=by.label[:160], **parts)
    touch(locked, by)
    record("drafted", locked, by=by, after={"version": number})
    return draft


@transaction.atomic
def discard_draft(playbook: Playbook, *, by: Actor, version: int | None = None) -> bool:
    """Delete the draft, and the playbook if nothing was ever published. Whether the playbook is left."""
    locked = lock_playbook(playbook, version)
    draft = draft_of(locked)
    if draft is None:
        return True
    record("discarded the draft of", locked, by=by, before={"version": draft.number})
    if locked.current is None:
        locked.delete()
        return False
    draft.delete()
    touch(locked, by)
    return True


@transaction.atomic
def publish(
    playbook: Playbook, *, by: Actor, change_note: str = "", paused: bool = False, version: int | None = None
) -> PlaybookVersion:
    """Make the draft the version on which plays start from now on; running plays stay on theirs.

    The first version makes the playbook active, or paused if that is asked for. Raises BadDefinition with
    everything that keeps it from being published, Conflict, and NotPossible without a draft.
    """
    locked = lock_playbook(playbook, version)
    draft = draft_of(locked)
    if draft is None:
        raise NotPossible("There is no draft to publish. Edit the playbook first.")
    complaints = problems_of(read_version(draft))
    if complaints:
        raise BadDefinition(complaints)
    draft.published_at, draft.change_note, draft.actor = timezone.now(), change_note, by.label[:160]
    draft.save(update_fields=["published_at", "change_note", "actor"])
    locked.current = draft.number
    if locked.state == PlaybookState.DRAFT:
        locked.state = PlaybookState.PAUSED if paused else PlaybookState.ACTIVE
    touch(locked, by, "current", "state")
    record("published", locked, by=by, after={"version": draft.number, "note": change_note})
    announce("playbooks.changed", by=by, playbook_id=locked.pk)
    return draft


WAYS = {
    PlaybookState.PAUSED: ("paused", {PlaybookState.ACTIVE}),
    PlaybookState.ACTIVE: ("resumed", {PlaybookState.PAUSED}),
    PlaybookState.RETIRED: ("retired", {PlaybookState.ACTIVE, PlaybookState.PAUSED}),
}


@transaction.atomic
def set_state(playbook: Playbook, state: PlaybookState, *, by: Actor, version: int | None = None) -> Playbook:
    """Pause, resume or retire; running plays go on. Retiring discards the draft. Raises NotPossible."""
    locked = lock_playbook(playbook, version)
    verb, sources = WAYS[state]
    if locked.state not in sources:
        raise NotPossible(f"{locked} is {locked.get_state_display().lower()} and cannot be {verb}.")
    before, locked.state = locked.state, state
    if state == PlaybookState.RETIRED:
        locked.versions.filter(published_at=None).delete()
    touch(locked, by, "state")
    record(verb, locked, by=by, before={"state": before}, after={"state": state})
    announce("playbooks.changed", by=by, playbook_id=locked.pk)
    return locked


@transaction.atomic
def copy_playbook(playbook: Playbook, *, by: Actor) -> Playbook:
    """A new draft with what the current version (else the draft) says, and the same limits."""
    source = current_of(playbook) or draft_of(playbook)
    definition = read_version(source) if source else None
    limits = {name: getattr(playbook, name) for name in ("is_parallel", "daily_limit", "rest_days")}
    return create_playbook(
        by=by,
        name=free_name(f"Copy of {playbook.name}"[:120]),
        purpose=playbook.purpose,
        library_key=playbook.library_key,
        definition=definition,
        **limits,
    )
