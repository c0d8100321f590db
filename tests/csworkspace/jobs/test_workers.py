"""Jobs with a real worker, a real broker, and the accidents that happen to both."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import transaction

from csworkspace.embedded import services, valkey
from csworkspace.files.models import StoredFile
from csworkspace.jobs import actions
from csworkspace.jobs.models import Job
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.database import open_workspace
from tests.csworkspace.jobs import kinds  # noqa: F401 (registers them here too)
from tests.kit import BY
from tests.services import STATE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PROJECT = Path(__file__).parents[3]
QUICK = {"JOB_LEASE_SECONDS": "2", "JOB_REAP_SECONDS": "1", "JOB_BACKOFF_SECONDS": "0.1"}


class Worker:
    """One worker with its clock, in a process group of its own."""

    app = "tests.csworkspace.jobs.worker_app"

    def __init__(self, folder: Path) -> None:
        self.folder, self.process = folder, None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", self.app, "worker"]
        command += ["-B", "-s", str(self.folder / "beat"), "-c", "2", "-l", "warning", "--without-mingle"]
        with (self.folder / "worker.log").open("a") as log:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**os.environ, **QUICK},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9, children included."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    flush()
    made = Worker(tmp_path)
    made.start()
    yield made
    made.kill()
    services.ensure(STATE, durable=False)


@pytest.fixture
def home(worker: Worker) -> int:
    with transaction.atomic():
        return create_workspace("Home", "home").pk


def flush() -> None:
    redis.Redis.from_url(settings.BROKER_URL.replace("redis+socket:", "unix:")).flushall()


def start(home: int, kind: str, **args: object) -> int:
    with open_workspace(home):
        return actions.start_job(kind, kind, by=BY, **args).pk


def job(home: int, pk: int) -> Job:
    with open_workspace(home):
        return Job.objects.get(pk=pk)


def stored(home: int) -> list[str]:
    with open_workspace(home):
        return sorted(StoredFile.objects.values_list("name", flat=True))


def wait(until: Callable[[], bool], seconds: float = 25) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def began(folder: Path, pk: int) -> Callable[[], bool]:
    return lambda: any(folder.glob(f"began-{pk}-*"))


def ended(home: int, *pks: int) -> Callable[[], bool]:
    return lambda: all(job(home, pk).is_finished for pk in pks)


def outcome(home: int, *pks: int) -> list[tuple[str, int]]:
    return [(job(home, pk).status, job(home, pk).attempts) for pk in pks]


def test_killed_worker_and_steps(worker: Worker, home: int, tmp_path: Path) -> None:
    whole = start(home, "test.slow", folder=str(tmp_path), name="whole", seconds=3)
    parts = start(home, "test.steps", folder=str(tmp_path), name="part", count=6, seconds=0.5)
    wait(began(tmp_path, whole))
    wait(lambda: "part-0" in stored(home))
    worker.kill()
    assert "whole" not in stored(home)
    assert job(home, whole).status == "running"
    worker.start()
    wait(ended(home, whole, parts))
    assert outcome(home, whole, parts) == [("succeeded", 2), ("succeeded", 2)]
    assert stored(home) == [f"part-{n}" for n in range(6)] + ["whole"]


def test_broker_wiped_then_deleted(worker: Worker, home: int, tmp_path: Path) -> None:
    jobs = [start(home, "test.slow", folder=str(tmp_path), name=f"n{n}", seconds=1) for n in range(4)]
    wait(began(tmp_path, jobs[0]))
    flush()
    jobs.append(start(home, "test.slow", folder=str(tmp_path), name="n4", seconds=0.5))
    wait(ended(home, *jobs))
    again = start(home, "test.slow", folder=str(tmp_path), name="n5", seconds=2)
    wait(began(tmp_path, again))
    valkey.stop(STATE)
    wait(lambda: shutil.rmtree(STATE / "valkey", ignore_errors=True) or not (STATE / "valkey").exists())
    before = time.monotonic()
    during = start(home, "test.slow", folder=str(tmp_path), name="n6", seconds=0.5)
    assert time.monotonic() - before < 3
    assert job(home, during).status == "queued"
    services.ensure(STATE, durable=False)
    wait(ended(home, again, during), 40)
    assert stored(home) == [f"n{n}" for n in range(7)]
    assert outcome(home, *jobs, again, during) == [("succeeded", 1)] * 7


def test_failures_dead_letters_and_a_person(worker: Worker, home: int, tmp_path: Path) -> None:
    deadly = start(home, "test.dies", folder=str(tmp_path))
    failing = start(home, "test.fails", folder=str(tmp_path), name="f")
    refused = start(home, "test.refused")
    wait(ended(home, deadly, failing, refused))
    assert outcome(home, deadly, failing, refused) == [("dead", 2), ("dead", 3), ("dead", 1)]
    assert job(home, deadly).error == "The worker stopped 2 times in the middle of this job."
    assert job(home, failing).error == "ValueError: the disk is  full"
    assert job(home, refused).error == "Line 3 has no date."
    assert stored(home) == []
    (tmp_path / "f-mended").touch()
    with open_workspace(home):
        actions.retry_job(Job.objects.get(pk=failing), by=BY)
    wait(ended(home, failing))
    assert outcome(home, failing) == [("succeeded", 1)]
    assert stored(home) == ["f"]


def test_a_commit_rings_at_the_brokers_door_at_once() -> None:
    """From a process that is no worker, such as the web's: by our own broker, not Celery's default."""
    flush()
    with transaction.atomic():
        home = create_workspace("Home", "home").pk
    queue = redis.Redis.from_url(settings.BROKER_URL.replace("redis+socket:", "unix:"))
    with open_workspace(home):
        pk = actions.start_job("test.coalesce", "t", by=BY, name="n").pk
        assert queue.llen("celery") == 0, "not before the commit"
    assert queue.llen("celery") == 1
    assert f"[{home}, {pk}]" in base64.b64decode(json.loads(queue.lindex("celery", 0))["body"]).decode()
