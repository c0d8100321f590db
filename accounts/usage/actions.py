"""Taking usage events in, and giving waiting ones their account."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO

import msgspec
from django.db.models import F
from django.utils import timezone

from accounts.imports.models import Batch, BatchKind, Reject
from accounts.usage import store
from accounts.usage.mapping import DEFAULT
from accounts.usage.parsing import (
    Chunk,
    Record,
    Rejected,
    ahead,
    in_chunks,
    parse_csv,
    parse_ndjson,
    parse_object,
)
from accounts.usage.rows import Fact, json_decoder
from accounts.usage.sources import FileBroken, FileRefused, is_csv, read_lines, unpack
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job, JobStatus
from csworkspace.tenancy import clock
from csworkspace.tenancy.database import open_workspace

CHUNK = 20_000
REJECTS_KEPT = 10_000
FIGURES = ("read", "accepted", "duplicates", "rejected", "unresolved")
MEASURE_PAUSE = timedelta(minutes=1)

Step = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Figures:
    """What became of the rows of a delivery."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    unresolved: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """The sum of two deliveries."""
        return Figures(
            self.read + other.read,
            self.accepted + other.accepted,
            self.duplicates + other.duplicates,
            self.rejected + other.rejected,
            self.unresolved + other.unresolved,
        )


def figures_of(batch: Batch) -> Figures:
    """The counts of a batch."""
    return Figures(*(getattr(batch, name) for name in FIGURES))


def open_batch(source: str, mapping: Mapping[str, str], *, by: Actor, **fields: object) -> Batch:
    """A new, empty batch of events in the open workspace."""
    name = source.replace("\x00", "")[-200:]
    return Batch.objects.create(
        kind=BatchKind.EVENTS, source=name, actor=by.label[:160], mapping=dict(mapping), **fields
    )


def records_of(file: BinaryIO, name: str, mapping: Mapping[str, str]) -> Iterable[Record]:
    """The rows of a file, checked. Raises FileRefused at once or on the first row."""
    plain = unpack(file)
    parse = parse_csv if is_csv(name, plain) else parse_ndjson
    return parse(read_lines(plain), mapping, timezone.now())


def ingest_file(
    batch: Batch, file: BinaryIO, *, step: Step | None = None, tell: Callable[[int], None] = lambda read: None
) -> Figures:
    """Load a file into its batch, chunk by chunk, each in a transaction of its own.

    Outside of any transaction; `step` opens one in the workspace, `tell` hears how
    many rows are done. A batch that was interrupted goes on where its counts say.
    What a file that breaks off held before that is kept, and the batch's `error`
    says so. Raises FileRefused: nothing was loaded.
    """
    step = step or partial(open_workspace, batch.workspace_id)
    error = ""
    try:
        _load(batch, file, step, tell)
    except FileBroken as broken:
        error = str(broken)
    except FileRefused as refused:
        with step():
            close_batch(batch, str(refused))
        raise
    with step():
        close_batch(batch, error)
        if batch.accepted >= CHUNK:
            store.collect_statistics()
    return figures_of(batch)


def _load(batch: Batch, file: BinaryIO, step: Step, tell: Callable[[int], None]) -> None:
    with step():
        zone = clock.zone()
        batch.refresh_from_db(fields=FIGURES)
    records = iter(records_of(file, batch.source, batch.mapping))
    for chunk in ahead(in_chunks(records, CHUNK, skip=batch.read)):
        with step():
            store.ensure_months(chunk.facts)
        with step():
            count_chunk(batch, write_chunk(batch, chunk, zone))
        tell(batch.read)


class RowResult(msgspec.Struct, omit_defaults=True):
    """What became of one row of an API call; field and reason say why it was rejected."""

    index: int
    status: str
    field: str | None = None
    reason: str | None = None


def ingest_events(rows: Sequence[bytes], *, by: Actor, source: str = "API") -> tuple[Batch, list[RowResult]]:
    """Take one call's events in (JSON objects, with our field names): its batch, and a result a row.

    In the caller's transaction, with few statements: a call may carry a single event.
    """
    now, decode = timezone.now(), json_decoder(DEFAULT)
    records = [parse_object(row, number, decode, now) for number, row in enumerate(rows, 1)]
    facts = [record for record in records if type(record) is Fact]
    rejected = [record for record in records if isinstance(record, Rejected)]
    store.ensure_months(facts)
    batch_id, zone = store.begin_listed()
    kept = store.write_listed(facts, batch_id, zone)
    unresolved = sum(kept.values())
    batch = open_batch(
        source, {}, by=by, pk=batch_id, finished_at=now, read=len(rows), accepted=len(kept),
        duplicates=len(facts) - len(kept), rejected=len(rejected), unresolved=unresolved,
    )  # fmt: skip
    if rejected:
        Reject.objects.bulk_create(_reject_rows(batch, rejected))
    if len(kept) > unresolved:
        request_measuring(by, pause=MEASURE_PAUSE)
    return batch, _results(records, kept)


def _results(records: Sequence[Record], kept: Mapping[str, bool]) -> list[RowResult]:
    """In the order of the call; of an event id given twice, the second is the duplicate."""
    told: set[str] = set()
    results = []
    for index, record in enumerate(records):
        if isinstance(record, Rejected):
            results.append(RowResult(index, "rejected", record.field, record.reason))
        elif record.event_id in told or record.event_id not in kept:
            results.append(RowResult(index, "duplicate"))
        else:
            results.append(RowResult(index, "unresolved" if kept[record.event_id] else "accepted"))
            told.add(record.event_id)
    return results


def request_measuring(by: Actor, *, pause: timedelta | None = None) -> None:
    """See that touched days get measured; with `pause`, not again so soon after the last time.

    Without the pause a steady stream of calls would correct today's values every second.
    """
    now = timezone.now()
    if Job.objects.filter(kind="measure", key="measure", status=JobStatus.QUEUED).exists():
        return
    job = start_job("measure", "Measure what changed", by=by, key="measure")
    if pause and job.created_at >= now and _measured_since(now - pause):
        Job.objects.filter(pk=job.pk).update(run_after=now + pause)


def _measured_since(moment: datetime) -> bool:
    latest = Job.objects.order_by("-id").values_list("kind", "finished_at")[:50]
    return any(kind == "measure" and ended and ended > moment for kind, ended in latest)


def write_chunk(batch: Batch, chunk: Chunk, zone: str) -> Figures:
    """Keep a chunk's events and rejects in the running transaction."""
    kept = store.write_counted(chunk.facts, batch.pk, zone)
    keep_rejects(batch, chunk.rejected)
    return Figures(chunk.read, kept.accepted, kept.duplicates, len(chunk.rejected), kept.unresolved)


def keep_rejects(batch: Batch, rejected: Sequence[Rejected]) -> None:
    """Store rejected rows, up to REJECTS_KEPT a batch; all of them are counted."""
    room = max(0, REJECTS_KEPT - batch.rejected)
    Reject.objects.bulk_create(_reject_rows(batch, rejected[:room]))


def _reject_rows(batch: Batch, rejected: Sequence[Rejected]) -> list[Reject]:
    return [Reject(batch=batch, row=r.row, field=r.field, reason=r.reason, raw=r.raw) for r in rejected]


def count_chunk(batch: Batch, more: Figures) -> None:
    """Add a chunk's figures to its batch, in the chunk's own transaction."""
    Batch.objects.filter(pk=batch.pk).update(
        read=F("read") + more.read,
        accepted=F("accepted") + more.accepted,
        duplicates=F("duplicates") + more.duplicates,
        rejected=F("rejected") + more.rejected,
        unresolved=F("unresolved") + more.unresolved,
    )
    batch.refresh_from_db(fields=FIGURES)


def close_batch(batch: Batch, error: str = "") -> None:
    """Say that a batch has ended, and how."""
    batch.error, batch.finished_at = error, timezone.now()
    batch.save(update_fields=["error", "finished_at"])
