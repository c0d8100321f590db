"""Making, changing and deleting segments, and keeping up with who is in them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.segments.definition import BadDefinition, Complaint, Definition
from accounts.segments.evaluate import prepare, read_segment, where_of
from accounts.segments.known import Known
from accounts.segments.membership import Moved, move, size_of
from accounts.segments.models import Segment
from accounts.segments.registry import criterion_named
from accounts.segments.uses import uses_of
from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.web.versions import check_version

PART = 5000
FIELDS = ("name", "description", "definition")


class SegmentInUse(ValueError):
    """A segment that something else cannot do without; the text names it."""


@transaction.atomic
def create_segment(*, by: Actor, name: str, definition: Definition, description: str = "") -> Segment:
    """A new segment, filled at once. Raises BadDefinition if it names something that is gone."""
    known = Known()
    check_definition(definition, known)
    segment = Segment.objects.create(
        name=name, description=description, definition=definition.as_json(), actor=by.label[:160]
    )
    record("made", segment, by=by, after=values_of(segment, FIELDS))
    _refresh(segment, None, known, by)
    return segment


@transaction.atomic
def edit_segment(
    segment: Segment,
    *,
    by: Actor,
    name: str,
    definition: Definition,
    description: str = "",
    version: int | None = None,
) -> Segment:
    """Change a segment; who is in it changes at once. Raises Conflict and BadDefinition."""
    segment = Segment.objects.select_for_update(no_key=True).get(pk=segment.pk)
    check_version(segment, version)
    known = Known()
    check_definition(definition, known)
    before = values_of(segment, FIELDS)
    segment.name, segment.description, segment.definition = name, description, definition.as_json()
    after = values_of(segment, FIELDS)
    if before == after:
        return segment
    segment.version += 1
    segment.save(update_fields=[*FIELDS, "version", "updated_at"])
    record("edited", segment, by=by, before=before, after=after)
    if before["definition"] != after["definition"]:
        _refresh(segment, None, known, by)
    return segment


@transaction.atomic
def delete_segment(segment: Segment, *, by: Actor, version: int | None = None) -> None:
    """Delete a segment with its history. Raises SegmentInUse and Conflict."""
    segment = Segment.objects.select_for_update().get(pk=segment.pk)
    check_version(segment, version)
    needed = [use for use in uses_of([segment.pk])[segment.pk] if use.needs_it]
    if needed:
        names = ", ".join(use.label for use in needed[:5])
        raise SegmentInUse(f"{segment.name} is still used by {names}. Choose another segment there first.")
    record("deleted", segment, by=by, before=values_of(segment, FIELDS))
    segment.delete()


def check_definition(definition: Definition, known: Known) -> None:
    """Raise BadDefinition if it names something that is gone."""
    complaints = known.problems(definition)
    if complaints:
        raise BadDefinition(complaints)


@transaction.atomic
def refresh_segments(
    account_ids: Iterable[int] | None = None, *, by: Actor, segment_ids: Sequence[int] | None = None
) -> int:
    """Let accounts (None: all) enter and leave segments (None: all); how many moved.

    A constant number of statements for each segment. Announces "segments.changed".
    """
    ids = None if account_ids is None else sorted(set(account_ids))
    known, moved = Known(), 0
    wanted = Segment.objects.select_for_update(no_key=True).order_by("pk")
    locked = list(wanted if segment_ids is None else wanted.filter(pk__in=segment_ids))
    prepare(locked, known)
    for segment in locked:
        moved += _refresh(segment, ids, known, by)
    return moved


def _refresh(segment: Segment, ids: Sequence[int] | None, known: Known, by: Actor) -> int:
    """A segment that names something which is gone keeps its history as it was, until it is repaired."""
    definition, complaints = read_segment(segment, known)
    if definition is None or complaints:
        _note(segment, problem=problem_words(complaints), size=0)
        return 0
    if segment.problem or not is_local(definition):
        ids = None
    # What fills a new segment has not entered it: it has been in it from the beginning.
    is_first = segment.refreshed_at is None
    moment = segment.created_at if is_first else timezone.now()
    moved = move(segment, where_of(definition, known), ids, moment)
    _note(segment, problem="", size=size_of(segment), refreshed_at=timezone.now())
    _tell(segment, moved, by)
    return len(moved.entered) + len(moved.left)


def problem_words(complaints: Sequence[Complaint]) -> str:
    """The first complaint, and how many more there are, within the column's length."""
    more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
    return f"{str(complaints[0])[:280]}{more}"


def is_local(definition: Definition) -> bool:
    """Whether an account's own changes alone decide about it."""
    named = [criterion_named(condition.field) for _, _, condition in definition.conditions()]
    return all(criterion.is_local for criterion in named if criterion)


def _note(segment: Segment, **values: Any) -> None:
    changed = {name: value for name, value in values.items() if getattr(segment, name) != value}
    for name, value in changed.items():
        setattr(segment, name, value)
    Segment.objects.filter(pk=segment.pk).update(**changed)


def _tell(segment: Segment, moved: Moved, by: Actor) -> None:
    """Announce who moved, at most PART accounts at a time."""
    for start in range(0, max(len(moved.entered), len(moved.left)), PART // 2):
        part = slice(start, start + PART // 2)
        announce(
            "segments.changed",
            by=by,
            segment_id=segment.pk,
            entered=moved.entered[part],
            left=moved.left[part],
        )
