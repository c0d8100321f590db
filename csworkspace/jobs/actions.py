"""Starting and retrying jobs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.jobs import ledger
from csworkspace.jobs.models import Job, JobStatus
from csworkspace.jobs.registry import kind_named
from csworkspace.jobs.runner import run_job
from csworkspace.tenancy.database import open_workspace

log = structlog.get_logger(__name__)
AFRESH = {
    "status": JobStatus.QUEUED,
    "attempts": 0,
    "error": "",
    "message": "",
    "percent": 0,
    "run_after": Now(),
    "sent_at": None,
    "finished_at": None,
}
_inline: ContextVar[list[str] | None] = ContextVar("jobs_inline", default=None)


@transaction.atomic
def start_job(kind: str, title: str, *, by: Actor, key: str = "", **args: Any) -> Job:
    """Write the job beside the intent, in the same transaction; it is sent on commit.

    With a `key`, an unfinished job of the same kind and key is returned instead. One that
    waits will not start before this transaction ends, so that it sees what was written.
    """
    values = {
        "title": title[:200],
        "args": args,
        "actor": by.label[:160],
        "actor_id": by.user_id,
        "max_attempts": kind_named(kind).max_attempts,
    }
    if key:
        return _start_once(kind, key, values)
    return _create(kind, "", values)


def _start_once(kind: str, key: str, values: dict[str, Any], tries: int = 5) -> Job:
    """The unfinished job with this key, or a new one; another transaction may be doing the same."""
    waiting = ledger.join(kind, key)
    if waiting:
        return Job.objects.get(pk=waiting)
    running = Job.objects.filter(kind=kind, key=key, status=JobStatus.RUNNING).first()
    if running:
        return running
    try:
        with transaction.atomic():
            return _create(kind, key, values)
    except IntegrityError:
        if not tries:
            raise
        return _start_once(kind, key, values, tries - 1)


def _create(kind: str, key: str, values: dict[str, Any]) -> Job:
    job = Job.objects.create(kind=kind, key=key, **values)
    send_on_commit(job)
    return job


@transaction.atomic
def retry_job(job: Job, *, by: Actor) -> Job:
    """Queue a failed job again, with all its attempts. Raises ValueError if it has not failed."""
    try:
        with transaction.atomic():
            taken = Job.objects.filter(pk=job.pk, status=JobStatus.DEAD).update(**AFRESH)
    except IntegrityError as error:
        raise ValueError("The same work is waiting already, as a newer job.") from error
    if not taken:
        raise ValueError("Only a failed job can be retried.")
    record("retried", job, by=by)
    send_on_commit(job)
    return job


@transaction.atomic
def tidy_jobs(days: int, limit: int = 5000) -> int:
    """Remove jobs that ended well more than `days` ago, oldest first; how many. Failed ones stay."""
    old = Job.objects.filter(status=JobStatus.SUCCEEDED, finished_at__lt=Now() - timedelta(days=days))
    chosen = list(old.order_by("id").values_list("pk", flat=True)[:limit])
    # Through the models: imports and reports that name the job forget it.
    Job.objects.filter(pk__in=chosen).delete()
    return len(chosen)


def send_on_commit(job: Job) -> None:
    """Tell the broker once the row is durable; the reaper repeats what gets lost."""
    transaction.on_commit(partial(ring, job.workspace_id, job.pk), robust=_inline.get() is None)


def ring(workspace_id: int, job_id: int) -> None:
    """Send a job to the workers, or run it here inside `jobs_inline()`."""
    failures = _inline.get()
    if failures is not None or settings.JOBS_INLINE:
        # A lease must not run out under a long job; in a test's transaction nobody else sees the job.
        status = run_job(workspace_id, job_id, heartbeat=not connection.in_atomic_block)
        if failures is not None and status not in ("succeeded", None):
            failures.append(_complaint(workspace_id, job_id))
        return
    # By the application itself: a shared task would find it only where a worker has made it current.
    from csworkspace.celery import app

    try:
        app.send_task("jobs.run", (workspace_id, job_id), retry=False, ignore_result=True)
    except Exception as error:
        # The row is the truth: the reaper will send it when the broker is back.
        log.warning(f"broker not reachable for job {job_id}: {error}")


def _complaint(workspace_id: int, job_id: int) -> str:
    with open_workspace(workspace_id):
        job = Job.objects.get(pk=job_id)
        return f"{job.title}: {job.error} (job {job.pk})"


@contextmanager
def jobs_inline() -> Iterator[list[str]]:
    """Run jobs in this process as soon as they are committed (shell commands); gives what failed."""
    failures: list[str] = []
    token = _inline.set(failures)
    try:
        yield failures
    finally:
        _inline.reset(token)
