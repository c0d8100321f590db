"""Kinds of jobs for the tests. What they did is read from stored files; that they began, from the disk."""

import os
import signal
import time
from pathlib import Path

from csworkspace.files.actions import store_file
from csworkspace.jobs.registry import JobRefused, job


def begin(folder: str, run) -> None:
    """Leave a mark outside of the transaction: this attempt began, in this process."""
    (Path(folder) / f"began-{run.job.pk}-{run.token}").write_text(str(os.getpid()))


@job("test.slow")
def slow(run, folder: str, name: str, seconds: float = 1.0):
    begin(folder, run)
    store_file(name, b"x", "text/plain")
    for step in range(10):
        time.sleep(seconds / 10)
        run.progress(step * 10, f"step {step}")
    return {"name": name}


@job("test.steps", stepwise=True)
def steps(run, folder: str, name: str, count: int = 3, seconds: float = 0.1):
    from csworkspace.files.models import StoredFile

    begin(folder, run)
    for step in range(count):
        with run.step():
            if not StoredFile.objects.filter(name=f"{name}-{step}").exists():
                store_file(f"{name}-{step}", b"x", "text/plain")
        run.progress(100 * step / count)
        time.sleep(seconds)


@job("test.dies", max_attempts=2)
def dies(run, folder: str):
    begin(folder, run)
    store_file("never", b"x", "text/plain")
    os.kill(os.getpid(), signal.SIGKILL)


@job("test.fails", max_attempts=3)
def fails(run, folder: str, name: str):
    """Fails until somebody leaves a file called `name`-mended."""
    store_file(name, b"x", "text/plain")
    if not (Path(folder) / f"{name}-mended").exists():
        raise ValueError("the disk is \x00 full")


@job("test.refused")
def refused(run):
    raise JobRefused("Line 3 has no date.")


@job("test.coalesce", coalesce=True)
def coalesce(run, name: str):
    store_file(name, b"x", "text/plain")
