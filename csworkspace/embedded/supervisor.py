"""`make run`: brings everything up in order, watches it, and takes it down again."""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from csworkspace.embedded import commands, postgres, processes, services
from csworkspace.embedded.children import Child, stop_all
from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import prepare, state_dir

HEALTHY_SECONDS = 90.0
STOP_SECONDS = 8.0


@dataclass(frozen=True)
class Site:
    """What the settings say: the address for people, the Host header that is allowed, checks of servers.

    A check answers None, or says which setting names a server that does not answer, and why.
    """

    url: str
    host_header: str
    checks: Sequence[Callable[[], str | None]] = ()


class Stop(Exception):
    """Ctrl-C or SIGTERM."""


def say(text: str = "") -> None:
    """Tell the person at the terminal, who may have closed it: stopping cleanly goes on all the same."""
    with suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def run(site: Site) -> int:
    """Run the product until it is told to stop; return the exit code."""
    state = state_dir()
    host, port = os.environ.get("HOST") or "127.0.0.1", _port()
    try:
        prepare(state)
        with _only_one(state, site.url):
            _refuse_taken(host, port)
            return _run(state, site, host, port)
    except EmbeddedError as error:
        say(f"\n{error}")
        return 1


def _run(state: Path, site: Site, host: str, port: int) -> int:
    children, terminal = _children(state, host, port), os.isatty(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        _bring_up(state, site)
        for child in children:
            processes.rotate(child.log)
            child.start()
        sign_ins = _sign_ins() if (state / "demo").exists() and _wants_demo() else ""
        _wait_until_healthy(children, state, site, host, port)
        say(f"\n  CS Workspace is ready: {site.url}\n{sign_ins}")
        say(f"  Logs: {state / 'log'}\n  Ctrl-C stops everything.")
        _watch(children, state, terminal)
    except Stop:
        return 0
    finally:
        _take_down(children, state)
    return 1


def _bring_up(state: Path, site: Site) -> None:
    if names := services.ended(state, **_wanted()):
        say(f"Starting {' and '.join(names)}")
    _ensure_services(state)
    for complaint in filter(None, (check() for check in site.checks)):
        raise EmbeddedError(complaint)
    if os.environ.get("DATABASE_URL"):
        say("Migrating the database")
        commands.manage("migrate", "--verbosity", "0")
    else:
        commands.migrate_if_behind(state, lambda: say("Migrating the database"))
    if _wants_demo():
        _make_demo(state)


def _wanted() -> dict[str, bool]:
    return {"database": not os.environ.get("DATABASE_URL"), "broker": commands.needs_broker()}


def _ensure_services(state: Path) -> None:
    services.ensure(state, **_wanted())


def _wants_demo() -> bool:
    """On the embedded database unless CSW_DEMO=0; on a server of one's own only with CSW_DEMO=1."""
    return os.environ.get("CSW_DEMO", "0" if os.environ.get("DATABASE_URL") else "1") not in ("", "0")


def _make_demo(state: Path) -> None:
    """Make the demo workspace once for each database; without it everything else still works."""
    marker = state / "demo"
    if marker.exists() and marker.read_text() == postgres.identity(state):
        return
    say("Making the demo workspace (once)")
    try:
        commands.manage("demo", "--if-missing")
        marker.write_text(postgres.identity(state))
    except EmbeddedError as error:
        say(f"Going on without the demo workspace. {error}")


def _sign_ins() -> str:
    try:
        lines = commands.manage("demo", "--sign-ins").rstrip().splitlines()
    except EmbeddedError as error:
        lines = [f"The demo's sign-ins could not be listed. {error}"]
    return "".join(f"\n  {line}" for line in lines) + "\n"


def _children(state: Path, host: str, port: int) -> list[Child]:
    python, log = [sys.executable, "-m"], state / "log"
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = ["gunicorn", "csworkspace.wsgi:application", "--bind", bind, "--workers", "2", "--threads", "4",
           "--preload", "--timeout", "120", "--graceful-timeout", "5", "--log-level", "warning",
           "--no-control-socket"]  # fmt: skip
    celery = ["celery", "--quiet", "-A", "csworkspace"]
    worker = ["worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    beat = ["beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", str(state / "beat")]
    return [
        Child("web", python + web, log / "web.log"),
        Child("worker", python + celery + worker, log / "worker.log"),
        Child("beat", python + celery + beat, log / "beat.log", hurry=signal.SIGTERM),
    ]


def _wait_until_healthy(children: list[Child], state: Path, site: Site, host: str, port: int) -> None:
    answer = ""
    deadline = time.monotonic() + HEALTHY_SECONDS
    while time.monotonic() < deadline:
        _look_after(children, state)
        status, answer = _health(site, host, port)
        if status == 200:
            return
        time.sleep(0.2)
    raise EmbeddedError(
        f"Not healthy after {HEALTHY_SECONDS:.0f} seconds. /healthz says: {answer or 'nothing'}\n"
        + "\n".join(processes.tail(child.log, 5) for child in children)
    )


def _health(site: Site, host: str, port: int) -> tuple[int, str]:
    # "All addresses" is where to listen, not where to ask.
    client = http.client.HTTPConnection(
        {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=5
    )
    try:
        client.request("GET", "/healthz", headers={"Host": site.host_header})
        response = client.getresponse()
        return response.status, response.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        client.close()


def _watch(children: list[Child], state: Path, terminal: bool) -> None:
    """Look after everything until Stop is raised (or EmbeddedError, when something cannot be kept up)."""
    while True:
        _look_after(children, state)
        if terminal and not os.isatty(0):  # closed, and make, waiting for us, keeps the hang-up to itself
            raise Stop
        if names := services.ended(state, **_wanted()):
            say(f"{' and '.join(names)} ended unexpectedly; starting again.")
            _ensure_services(state)
        time.sleep(0.5)


def _look_after(children: list[Child], state: Path) -> None:
    for child in children:
        for line in child.news():
            say(f"{child.name:>6} | {line}")
        if ended := child.look():
            say(f"{child.name} ended unexpectedly ({ended}). {processes.tail(child.log, 8)}")
        if child.hopeless:
            raise EmbeddedError(f"{child.name} ended too often; giving up. All of its log: {child.log}")
        if child.restart_if_due():
            say(f"{child.name} was started again.")


def _take_down(children: list[Child], state: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    say("\nStopping")
    stop_all(children, STOP_SECONDS)
    services.stop(state)


def _stop(number: int, frame: object) -> None:
    raise Stop


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _refuse_taken(host: str, port: int) -> None:
    """Find out before anything is started whether the web server will get its address."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise EmbeddedError(
            f"The address {host}:{port} cannot be had: {error.strerror}. Stop the program that uses it, or "
            f"choose another port: PORT={port % 65535 + 1} make run"
        ) from None


@contextmanager
def _only_one(state: Path, url: str) -> Iterator[None]:
    """Hold the state's serve.lock, which also says who holds it; refuse when another one runs."""
    with (state / "serve.lock").open("a+") as lock:
        if not _lock(lock):
            raise EmbeddedError(
                f"CS Workspace runs already: {_holder(lock)}. Stop it with Ctrl-C there, or with 'make stop'."
            )
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n{url}\n")
        lock.flush()
        yield
        lock.truncate(0)


def _lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    pid, _, url = lock.read().strip().partition("\n")
    return f"process {pid}, {url}" if url else "it is just starting or stopping"


def stop(state: Path) -> None:
    """Tell a running supervisor of this state to stop, and wait for it."""
    file = state / "serve.lock"
    if not file.exists():
        return
    with file.open("a+") as lock:
        if _lock(lock):
            return
        if pid := processes.read_pid(file):
            os.kill(pid, signal.SIGTERM)
        if not processes.wait_until(lambda: _lock(lock), 3 * STOP_SECONDS, pause=0.1):
            raise EmbeddedError(f"{_holder(lock)} does not stop.")
