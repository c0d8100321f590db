"""Starting and retrying jobs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.jobs.models import UNFINISHED, Job, JobStatus
from csworkspace.jobs.registry import kind_named
from csworkspace.jobs.runner import run_job

log = structlog.get_logger(__name__)
_inline: ContextVar[bool] = ContextVar("jobs_inline", default=False)


@transaction.atomic
def start_job(kind: str, title: str, *, by: Actor, key: str = "", **args: Any) -> Job:
    """Write the job beside the intent, in the same transaction; it is sent on commit.

    With a `key`, an unfinished job of the same kind and key is returned instead.
    """
    values = {
        "title": title[:200],
        "args": args,
        "actor": by.label[:160],
        "actor_id": by.user_id,
        "max_attempts": kind_named(kind).max_attempts,
    }
    if key:
        job, created = Job.objects.get_or_create(
            kind=kind, key=key, status__in=UNFINISHED, defaults={**values, "status": JobStatus.QUEUED}
        )
    else:
        job, created = Job.objects.create(kind=kind, **values), True
    if created:
        send_on_commit(job)
    return job


@transaction.atomic
def retry_job(job: Job, *, by: Actor) -> Job:
    """Queue a failed job again, with all its attempts. Raises ValueError if it has not failed."""
    taken = Job.objects.filter(pk=job.pk, status=JobStatus.DEAD).update(
        status=JobStatus.QUEUED, attempts=0, error="", run_after=Now(), finished_at=None, percent=0
    )
    if not taken:
        raise ValueError("Only a failed job can be retried.")
    record("retried", job, by=by)
    send_on_commit(job)
    return job


def send_on_commit(job: Job) -> None:
    """Tell the broker once the row is durable; the reaper repeats what gets lost."""
    transaction.on_commit(partial(ring, job.workspace_id, job.pk), robust=not _inline.get())


def ring(workspace_id: int, job_id: int) -> None:
    """Send a job to the workers, or run it here inside `jobs_inline()`."""
    if _inline.get() or settings.JOBS_INLINE:
        run_job(workspace_id, job_id)
        return
    from csworkspace.jobs.tasks import run

    try:
        run.apply_async((workspace_id, job_id), retry=False, ignore_result=True)
    except Exception:
        # The row is the truth: the reaper will send it when the broker is back.
        log.warning("broker not reachable", job=job_id, exc_info=True)


@contextmanager
def jobs_inline() -> Iterator[None]:
    """Run jobs in this process as soon as they are committed (shell commands)."""
    token = _inline.set(True)
    try:
        yield
    finally:
        _inline.reset(token)
