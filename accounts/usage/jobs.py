"""Loading and assigning events in the background."""

from typing import Any

from accounts.imports.models import Batch
from accounts.usage.actions import ingest_file, request_measuring
from accounts.usage.mapping import MapRefused, complete_map
from accounts.usage.sources import FileRefused, in_memory
from accounts.usage.waiting import resolve_waiting
from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run


@job("ingest", stepwise=True)
def ingest(run: Run, batch_id: int) -> dict[str, Any]:
    """Load an uploaded file of events into its batch."""
    with run.step():
        batch = Batch.objects.select_related("file").get(pk=batch_id)
        content = in_memory(bytes(batch.file.content)) if batch.file else in_memory(b"")
    try:
        batch.mapping = complete_map(batch.mapping)
        figures = ingest_file(
            batch, content, step=run.step, tell=lambda read: run.progress(50, f"{read:,} rows read")
        )
    except (FileRefused, MapRefused) as refused:
        raise JobRefused(str(refused)) from None
    with run.step():
        request_measuring(run.by)
    return vars(figures)


@job("resolve events", stepwise=True, background=True)
def resolve_events(run: Run, account_ids: list[int]) -> dict[str, Any]:
    """Give waiting events to accounts that have appeared or changed."""
    return {"assigned": resolve_waiting(account_ids, run.by, run.step)}
