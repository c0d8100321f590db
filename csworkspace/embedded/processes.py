"""Telling our server processes from strangers that were given the same number, and ending them."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil


def is_ours(pid: int, program: str, folder: Path) -> bool:
    """Whether `pid` is a live `program` working in `folder` (a stale pid file may name anything)."""
    try:
        process = psutil.Process(pid)
        return (
            process.name() == program
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()) == folder.resolve()
        )
    except (psutil.Error, OSError):
        return False


def read_pid(file: Path) -> int | None:
    """Return the number on the first line of a pid file, None if there is none."""
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def find(program: str, folder: Path) -> list[psutil.Process]:
    """Return the live processes of `program` that work in `folder`."""
    named = (process for process in psutil.process_iter(["name"]) if process.info["name"] == program)
    return [process for process in named if is_ours(process.pid, program, folder)]


def end_orphans(program: str, folder: Path) -> None:
    """End children that outlived a killed server: they would hold its shared memory."""
    for process in find(program, folder):
        with contextlib.suppress(psutil.Error):
            process.kill()
            process.wait(5)


def end(pid: int, gentle: signal.Signals, gone: Callable[[], bool], seconds: float) -> bool:
    """Send `gentle`, and SIGKILL if the process is still there after `seconds`; True when it is gone."""
    for number in (gentle, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_until(gone, seconds):
            return True
    return False


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Poll `condition` until it holds; False when `seconds` have passed without it."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def tail(file: Path, lines: int = 15) -> str:
    """Return the last lines of a log for an error message."""
    try:
        text = file.read_bytes()[-20_000:].decode(errors="replace")
    except OSError:
        return f"(no log at {file})"
    return f"Last lines of {file}:\n" + "\n".join(text.splitlines()[-lines:])


def rotate(file: Path, limit: int = 10_000_000) -> None:
    """Keep one older copy of a log that has grown over `limit` bytes."""
    with contextlib.suppress(OSError):
        if file.stat().st_size > limit:
            file.replace(file.with_name(file.name + ".1"))
