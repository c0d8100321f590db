"""Reads about imports, as their pages print them."""

from dataclasses import dataclass
from typing import Any

from accounts.imports.models import Batch, BatchKind, Reject
from csworkspace.jobs.models import JobStatus
from csworkspace.web import formats, times

PAGE = 50
REJECTS_SHOWN = 100
KINDS = dict(BatchKind.choices)


@dataclass(frozen=True)
class State:
    """Where an import stands: a word and a status mark of the kit."""

    word: str
    mark: str


@dataclass(frozen=True)
class Line:
    """An import in the list."""

    pk: int
    source: str
    kind: str
    when: str
    by: str
    state: State
    figures: str


def state_of(batch: Batch) -> State:
    """In words: draft, waiting, checked, done, or what went wrong."""
    if batch.error:
        return State("Refused", "failed")
    if batch.finished_at:
        return State("Checked", "active") if batch.is_dry_run else State("Imported", "done")
    if batch.job is None:
        return State("Draft", "draft")
    if batch.job.status == JobStatus.DEAD:
        return State("Failed", "failed")
    return State("Running", "running")


def figures_in_words(batch: Batch) -> str:
    """ "12 new, 3 changed, 400 unchanged, 2 rejected"; only what is not zero."""
    parts = [
        (batch.created, "new"),
        (batch.updated, "changed"),
        (batch.unchanged, "unchanged"),
        (batch.accepted if batch.kind == BatchKind.EVENTS else 0, "accepted"),
        (batch.duplicates, "duplicates"),
        (batch.unresolved, "waiting for their account"),
        (batch.rejected, "rejected"),
    ]
    return ", ".join(f"{formats.number(count)} {word}" for count, word in parts if count) or "no rows"


def list_batches(zone: str, before: int | None = None) -> list[Line]:
    """Imports, newest first, one more than a page."""
    found = Batch.objects.select_related("job").order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    return [line_of(batch, zone) for batch in found[: PAGE + 1]]


def line_of(batch: Batch, zone: str) -> Line:
    """An import, ready to print."""
    when = times.moment(batch.started_at, zone)
    figures = figures_in_words(batch) if batch.finished_at and not batch.error else batch.error[:120]
    kind = KINDS.get(batch.kind, batch.kind)
    return Line(batch.pk, batch.source, kind, when, batch.actor, state_of(batch), figures)


def stats_of(batch: Batch) -> list[dict[str, str]]:
    """The figures of a finished import, as key figures."""
    shown: list[tuple[str, int]] = [("Rows read", batch.read)]
    if batch.kind == BatchKind.EVENTS:
        shown += [("Accepted", batch.accepted), ("Duplicates", batch.duplicates)]
        shown += [("Waiting for their account", batch.unresolved)]
    else:
        shown += [("New", batch.created), ("Changed", batch.updated), ("Unchanged", batch.unchanged)]
    shown.append(("Rejected", batch.rejected))
    return [{"label": label, "value": formats.number(value)} for label, value in shown]


def rejects_of(batch: Any) -> list[Reject]:
    """The first rejected rows."""
    return list(Reject.objects.filter(batch=batch).order_by("row", "pk")[:REJECTS_SHOWN])
