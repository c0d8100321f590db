"""Imports as jobs."""

from typing import Any

from accounts.imports.actions import FIGURES, load_batch
from accounts.imports.models import Batch
from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run


@job("import")
def run_import_job(run: Run, batch_id: int) -> dict[str, Any]:
    """Load the file of a batch."""
    batch = Batch.objects.select_related("file").get(pk=batch_id)
    if batch.file is None:
        raise JobRefused("The file of this import is no longer stored. Upload it again.")
    load_batch(batch, bytes(batch.file.content), by=run.by, progress=run.progress)
    return {**{name: getattr(batch, name) for name in FIGURES}, "error": batch.error}
