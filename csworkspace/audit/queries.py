"""Page-shaped reads of the audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from csworkspace.audit.models import AuditEntry
from csworkspace.audit.words import in_words
from csworkspace.web.times import moment

PAGE = 50
HISTORY = 30
LONGEST = 300


@dataclass(frozen=True)
class Change:
    """One field of an entry: its value before and after, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class EntryView:
    """An entry as pages print it."""

    id: int
    at: str
    iso: str
    actor: str
    origin: str
    verb: str
    object_type: str
    object_id: int | None
    object_label: str
    changes: list[Change]
    is_new: bool


@dataclass(frozen=True)
class EntryPage:
    """Entries, newest first; `next_before` is the id to go on from, or None."""

    entries: list[EntryView]
    next_before: int | None


@dataclass(frozen=True)
class Wanted:
    """What the audit page is limited to; None and '' mean no limit. Days are of the workspace's zone."""

    actor_id: int | None = None
    verb: str = ""
    object_type: str = ""
    since: date | None = None
    until: date | None = None


def find_entries(wanted: Wanted, zone: str, before: int | None = None, size: int = PAGE) -> EntryPage:
    """One page of the log."""
    chosen = AuditEntry.objects.filter(**_filters(wanted, zone))
    return _page(chosen, zone, before, size)


def history_of(
    objects: Iterable[tuple[str, Sequence[int]]], zone: str, before: int | None = None
) -> EntryPage:
    """What happened to these objects, newest first: pairs of a model's name and ids."""
    chosen = Q(pk__in=[])
    for object_type, ids in objects:
        chosen |= Q(object_type=object_type, object_id__in=list(ids))
    return _page(AuditEntry.objects.filter(chosen), zone, before, HISTORY)


def choices() -> dict[str, list[Any]]:
    """What the log can be filtered by: people (id, name), verbs and object types that occur in it."""
    people = (
        AuditEntry.objects.exclude(actor_id=None)
        .values_list("actor_id", "actor")
        .order_by("actor")
        .distinct()
    )
    return {
        # A person may have been called otherwise before: one line each.
        "people": sorted(dict(people).items(), key=lambda item: item[1].casefold()),
        "verbs": sorted(AuditEntry.objects.values_list("verb", flat=True).order_by().distinct()),
        "types": sorted(AuditEntry.objects.values_list("object_type", flat=True).order_by().distinct()),
    }


def _filters(wanted: Wanted, zone: str) -> dict[str, Any]:
    simple = {"actor_id": wanted.actor_id, "verb": wanted.verb, "object_type": wanted.object_type}
    filters: dict[str, Any] = {name: value for name, value in simple.items() if value}
    if wanted.since:
        filters["at__gte"] = _midnight(wanted.since, zone)
    if wanted.until:
        filters["at__lt"] = _midnight(wanted.until + timedelta(days=1), zone)
    return filters


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _page(chosen: QuerySet[AuditEntry], zone: str, before: int | None, size: int) -> EntryPage:
    if before is not None:
        chosen = chosen.filter(id__lt=before)
    found = list(chosen.order_by("-id")[: size + 1])
    shown = found[:size]
    return EntryPage([_view(entry, zone) for entry in shown], shown[-1].pk if len(found) > size else None)


def _view(entry: AuditEntry, zone: str) -> EntryView:
    return EntryView(
        id=entry.pk,
        at=moment(entry.at, zone),
        iso=entry.at.isoformat(timespec="seconds"),
        actor=entry.actor,
        origin=entry.origin,
        verb=entry.verb,
        object_type=entry.object_type,
        object_id=entry.object_id,
        object_label=entry.object_label,
        changes=changes_of(entry.before, entry.after, zone),
        is_new=bool(entry.after) and not entry.before,
    )


def changes_of(before: dict[str, Any], after: dict[str, Any], zone: str) -> list[Change]:
    """The fields of an entry in the order in which they were written."""
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(name.replace("_", " "), _text(before.get(name), zone), _text(after.get(name), zone))
        for name in names
        # What was empty and stays so says nothing.
        if not all(side.get(name) in (None, "") for side in (before, after))
    ]


def _text(value: Any, zone: str) -> str:
    text = in_words(value, zone)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
