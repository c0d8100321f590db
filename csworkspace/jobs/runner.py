"""Running one job: claim, work under a heartbeat, and one fenced end."""

import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from csworkspace.audit.actor import Actor
from csworkspace.jobs import ledger
from csworkspace.jobs.models import Job
from csworkspace.jobs.pulse import note_pulse
from csworkspace.jobs.registry import JobKind, JobRefused, kind_named
from csworkspace.tenancy.database import open_workspace

log = structlog.get_logger(__name__)


class LeaseLost(RuntimeError):
    """Another run has taken this job over; nothing this one does may be kept."""


class Run:
    """What a handler is given: who asked, progress, and fenced steps."""

    def __init__(self, job: Job, token: int) -> None:
        self.job, self.token = job, token
        self.workspace_id: int = job.workspace_id
        self.by = Actor(label=job.actor, origin=f"job {job.pk}", user_id=job.actor_id)
        self.percent, self.message, self.lost = 0, "", False

    def progress(self, percent: float, message: str = "") -> None:
        """Show how far the work is, 0 to 100. Raises LeaseLost when taken over."""
        if self.lost:
            raise LeaseLost(f"job {self.job.pk}")
        self.percent, self.message = max(0, min(99, int(percent))), message

    def hold(self) -> bool:
        """Extend the lease inside the caller's transaction; False when taken over."""
        return ledger.hold(self.job.pk, self.token, self.percent, self.message)

    @contextmanager
    def step(self) -> Iterator[None]:
        """One transaction of a stepwise handler, kept only if the lease still holds."""
        with open_workspace(self.workspace_id):
            yield
            if not self.hold():
                raise LeaseLost(f"job {self.job.pk}")


class Heartbeat(threading.Thread):
    """Extends the lease and publishes progress on a connection of its own."""

    def __init__(self, run: Run) -> None:
        super().__init__(daemon=True, name=f"heartbeat-{run.job.pk}")
        self.target, self.stopped = run, threading.Event()

    def run(self) -> None:
        """Beat whenever progress changed, and at a third of the lease at the latest."""
        shown, idle = (0, ""), 0.0
        try:
            while not self.stopped.wait(0.5):
                idle += 0.5
                state = (self.target.percent, self.target.message)
                if state != shown or idle >= settings.JOB_LEASE_SECONDS / 3:
                    self._beat()
                    shown, idle = state, 0.0
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            with open_workspace(self.target.workspace_id), connection.cursor() as cursor:
                # The run itself may hold the row; whoever waits for this thread must not wait for ever.
                cursor.execute("set local lock_timeout = '2s'")
                self.target.lost = not self.target.hold()
            note_pulse()
        except Exception:
            # The lease simply grows older; a later beat or the fence decides.
            log.warning("heartbeat failed", job=self.target.job.pk, exc_info=True)
            connection.close()

    def stop(self) -> None:
        """End the thread; a running beat is waited for."""
        self.stopped.set()
        self.join()


def run_job(workspace_id: int, job_id: int, *, heartbeat: bool = False) -> str | None:
    """Run a due job; its status afterwards, or None if there was nothing to take."""
    taken = _take(workspace_id, job_id)
    if taken is None:
        return None
    run, kind = taken
    beat = Heartbeat(run) if heartbeat else None
    if beat:
        beat.start()
    try:
        _work(run, kind, beat)
        return "succeeded"
    except LeaseLost:
        log.warning("job taken over by another run", job=job_id)
        return None
    except Exception as error:
        return _fail(run, error)
    finally:
        if beat and beat.is_alive():
            beat.stop()


def _take(workspace_id: int, job_id: int) -> tuple[Run, JobKind] | None:
    with open_workspace(workspace_id):
        found = Job.objects.filter(pk=job_id).first()
        if found is None:
            return None
        try:
            kind = kind_named(found.kind)
        except KeyError:
            # A worker of an older release: put it back, a newer one will know.
            kind = JobKind(found.kind, _unknown)
        token = ledger.claim(job_id, release_key=kind.coalesce)
        return (Run(found, token), kind) if token else None


def _unknown(run: Run, **args: Any) -> None:
    raise LookupError(f"this worker does not know the kind of job {run.job.kind!r}")


def _work(run: Run, kind: JobKind, beat: Heartbeat | None) -> None:
    if kind.stepwise:
        result = kind.handler(run, **run.job.args)
        with open_workspace(run.workspace_id):
            _finish(run, result, beat)
    else:
        with open_workspace(run.workspace_id):
            result = kind.handler(run, **run.job.args)
            _finish(run, result, beat)


def _finish(run: Run, result: Mapping[str, Any] | None, beat: Heartbeat | None) -> None:
    if beat:
        beat.stop()
    if not ledger.succeed(run.job.pk, run.token, result or {}):
        raise LeaseLost(f"job {run.job.pk}")


def _fail(run: Run, error: Exception) -> str | None:
    refused = isinstance(error, JobRefused)
    if not refused:
        log.error("job failed", job=run.job.pk, kind=run.job.kind, exc_info=error)
    text = str(error) if refused else f"{type(error).__name__}: {error}"[:2000]
    delay = settings.JOB_BACKOFF_SECONDS * 4 ** (run.job.attempts) * random.uniform(0.8, 1.2)
    with open_workspace(run.workspace_id):
        return ledger.fail(run.job.pk, run.token, text, delay=delay, final=refused)
