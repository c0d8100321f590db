"""Services for one test run: in a temporary folder, without waiting for the disk, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from csworkspace.embedded import services

# What would lead a test to a real server, or make it behave as on one.
OUTSIDE = ("DATABASE_URL", "OWNER_DATABASE_URL", "OPS_DATABASE_URL", "BROKER_URL", "CACHE_URL", "EMAIL_URL",
           "PRODUCTION", "SECRET_KEY", "DEBUG", "SITE_URL", "ALLOWED_HOSTS", "PORT", "HOST")  # fmt: skip


@contextmanager
def throw_away() -> Iterator[dict[str, str]]:
    """Start services in a temporary folder, give the environment to use them, and remove everything after.

    TMPDIR points into the folder too: what tests leave there (services of their own included) goes with it.
    """
    folder = Path(tempfile.mkdtemp(prefix="csw-"))
    folder.chmod(0o711)  # root's services run as nobody
    state = folder / "state"
    kept = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    try:
        services.ensure(state, durable=False)
        yield kept | {"CSW_STATE_DIR": str(state), "TMPDIR": str(folder)}
    finally:
        services.stop(state)
        _end_strays(folder)
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str]) -> int:
    """Run a command with throw-away services and return its exit code; Ctrl-C and SIGTERM clean up too."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with throw_away() as environment:
            return _wait(subprocess.Popen(command, env=environment))
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait(child: "subprocess.Popen[bytes]") -> int:
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        return 130


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _end_strays(folder: Path) -> None:
    """End the servers of tests that were killed before they could stop them."""
    for process in psutil.process_iter(["name", "cwd"]):
        cwd = process.info["cwd"]
        if process.info["name"] in ("postgres", "valkey-server") and cwd and folder in Path(cwd).parents:
            process.kill()
