"""Batches: starting an import, running it, and keeping what became of it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.imports.mapping import guess_mapping, parse_mapping
from accounts.imports.models import Batch, Reject
from accounts.imports.refusal import FileRefused
from accounts.imports.registry import Importer, Progress, importer_of
from accounts.imports.rows import RowError
from csworkspace.audit import actions as audit
from csworkspace.audit.actor import Actor
from csworkspace.files.actions import store_file
from csworkspace.jobs.actions import start_job

MAX_REJECTS = 10_000
FIGURES = ("read", "created", "updated", "unchanged", "rejected")


@transaction.atomic
def upload_file(importer: Importer, name: str, content: bytes, *, by: Actor) -> Batch:
    """Keep a file as a draft import with a first guess of its mapping. Raises FileRefused."""
    preview = importer.peek(content, name)
    stored = store_file(
        name, content, "text/csv" if importer.kind != "events" else "application/octet-stream"
    )
    return Batch.objects.create(
        kind=importer.kind,
        source=stored.name,
        actor=by.label[:160],
        file=stored,
        mapping=guess_mapping(preview.columns, importer),
        is_dry_run=True,
    )


@transaction.atomic
def check_import(draft: Batch, mapping: dict[str, Any], *, by: Actor) -> Batch:
    """Start a dry run of a draft with this mapping; a draft that has run gives a new one.

    A kind without a dry run is loaded at once. Raises FileRefused.
    """
    importer = importer_of(draft)
    parse_mapping(mapping, importer)
    batch = draft if draft.job is None else copy_of(draft, is_dry_run=True, by=by)
    batch.mapping, batch.is_dry_run = mapping, importer.has_dry_run
    return run_as_job(batch, f"{'Check' if importer.has_dry_run else 'Import'} {batch.source}", by=by)


@transaction.atomic
def run_import(checked: Batch, *, by: Actor) -> Batch:
    """Start the real run of a checked file with the same mapping."""
    batch = copy_of(checked, is_dry_run=False, by=by)
    return run_as_job(batch, f"Import {batch.source}", by=by)


def copy_of(batch: Batch, *, is_dry_run: bool, by: Actor) -> Batch:
    """Another batch of the same file."""
    return Batch.objects.create(
        kind=batch.kind,
        source=batch.source,
        actor=by.label[:160],
        file=batch.file,
        mapping=batch.mapping,
        is_dry_run=is_dry_run,
    )


def run_as_job(batch: Batch, title: str, *, by: Actor) -> Batch:
    """Start the job of a batch; one at a time for each batch."""
    batch.job = start_job(importer_of(batch).job, title, by=by, key=f"batch {batch.pk}", batch_id=batch.pk)
    batch.save()
    return batch


@transaction.atomic
def load_batch(batch: Batch, content: bytes, *, by: Actor, progress: Progress) -> Batch:
    """Run a batch's importer on the file's content, and keep the figures.

    A file that is refused as a whole ends the batch with its sentence in `error`,
    and leaves nothing half-written.
    """
    try:
        with transaction.atomic():
            load = importer_of(batch).load
            if load is None:
                raise FileRefused(f"Files of {batch.kind} are not loaded in one step.")
            load(batch, content, by, progress)
            if not batch.is_dry_run:
                audit.record("imported", batch, by=by, after=audit.values_of(batch, FIGURES))
    except FileRefused as error:
        for name in FIGURES:
            setattr(batch, name, 0)
        batch.error = str(error)
    batch.finished_at = timezone.now()
    batch.save()
    return batch


def keep_rejects(batch: Batch, errors: Iterable[RowError]) -> None:
    """Keep why rows were rejected, up to MAX_REJECTS of them."""
    rejects = [
        Reject(batch=batch, row=error.row, field=error.field, reason=error.reason, raw=error.raw)
        for error, _ in zip(errors, range(MAX_REJECTS), strict=False)
    ]
    Reject.objects.bulk_create(rejects, batch_size=2000)
