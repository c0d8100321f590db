"""A long-running child process: started on a leash, watched, restarted, stopped."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from csworkspace.embedded import processes

LIMIT, WINDOW = 5, 60.0  # a child that ends this often within this many seconds is given up
WORTH_TELLING = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback|Exception in worker")
KNOWN_NOISE = re.compile(r"Service Unavailable: /healthz")  # the answer while the parts come up
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass
class Child:
    """One program of the product; `end` and `hurry` are its signals for a gentle and a quick stop."""

    name: str
    command: list[str]
    log: Path
    end: signal.Signals = signal.SIGTERM
    hurry: signal.Signals = signal.SIGQUIT
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)
    due: float = 0.0
    told: int = 0

    def start(self) -> None:
        """Start the program in a session of its own (Ctrl-C reaches the supervisor alone)."""
        with self.log.open("ab") as output:
            self.told = output.tell()
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=leash(self.hurry),
            )  # fmt: skip

    def look(self) -> str | None:
        """Return the exit code as text when the program has ended since the last look."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        self.kill_group()
        self.process = None
        now = time.monotonic()
        self.ends = [ended for ended in self.ends if now - ended < WINDOW] + [now]
        self.due = now + min(2.0 ** (len(self.ends) - 1), 8.0)
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    @property
    def hopeless(self) -> bool:
        """Whether it has ended too often lately."""
        return len(self.ends) >= LIMIT

    def restart_if_due(self) -> bool:
        """Start an ended program again once its pause is over."""
        if self.process is None and time.monotonic() >= self.due:
            self.start()
            return True
        return False

    def news(self) -> list[str]:
        """Return the warnings and errors that its log gained since the last call."""
        with self.log.open("rb") as log:
            log.seek(self.told)
            gained = log.read()
        whole = gained[: gained.rfind(b"\n") + 1]
        self.told += len(whole)
        lines = whole.decode(errors="replace").splitlines()
        return [line for line in lines if WORTH_TELLING.search(line) and not KNOWN_NOISE.search(line)]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program alone; it knows how to end its own children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def gone(self) -> bool:
        """Whether the program has ended."""
        return self.process is None or self.process.poll() is not None

    def kill_group(self) -> None:
        """Kill what is left of the program's session: pool processes whose parent was killed."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def stop_all(children: list[Child], patience: float) -> None:
    """Stop all at the same time: gently, after `patience` seconds quickly, and in the end by force."""
    for number, seconds in ((None, patience), (True, patience / 2)):
        for child in children:
            child.signal(child.hurry if number else child.end)
        if processes.wait_until(lambda: all(child.gone() for child in children), seconds):
            break
    for child in children:
        child.kill_group()
        if child.process is not None:
            child.process.wait()


def leash(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a new child does first: ask Linux for a signal when its parent dies, however it dies."""
    if LIBC is None:
        return None
    libc, parent = LIBC, os.getpid()

    def ask() -> None:
        # Started in the background of a script, a program inherits that these are ignored.
        for name in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(name, signal.SIG_DFL)
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return ask
