"""The product's Celery application with a kind of step that takes its time."""

import os
import time
from pathlib import Path

from csworkspace.celery import app
from csworkspace.files.actions import store_file
from playbooks.playbooks.steps import Ended, StepForm, StepKind, StepRun, register_step

__all__ = ["app"]


def linger(run: StepRun) -> Ended:
    """Write something, leave a mark outside of the transaction, and be long about it."""
    store_file(f"step {run.step.key}", b"x", "text/plain")
    (Path(run.params["folder"]) / f"began-{run.step.key}-{os.getpid()}-{time.monotonic_ns()}").touch()
    time.sleep(run.params["seconds"])
    return Ended()


register_step(StepKind("linger", "Linger", StepForm, lambda params: "Linger", linger))
