"""The embedded Valkey: broker and cache, with an append-only file so that kill -9 loses no message."""

import signal
import socket
from pathlib import Path

from csworkspace.embedded import binaries, processes
from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import Account, private_dir, socket_dir

START_SECONDS = 60  # reading a large append-only file takes a while


def socket_file(state: Path) -> Path:
    """Return the path of the server's socket."""
    return socket_dir(state) / "valkey.sock"


def log_file(state: Path) -> Path:
    """Return the server's log."""
    return state / "valkey" / "valkey.log"


def ready(state: Path) -> bool:
    """Whether this state's server answers a PING (it says LOADING while it reads its file)."""
    if server_pid(state) is None:
        return False
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(socket_file(state)))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def start(state: Path, who: Account, *, durable: bool = True) -> None:
    """Start the server if it is not running and wait until it answers."""
    folder = private_dir(state / "valkey", who)
    if server_pid(state) is None:
        processes.end_orphans("valkey-server", folder)  # one whose folder was deleted would keep the socket
        processes.rotate(log_file(state))
        started = binaries.run_as(who, _command(state, folder, who, durable))
        if started.returncode:
            raise EmbeddedError(f"Valkey did not start: {started.stdout} {processes.tail(log_file(state))}")
    # Not by the pid file: the server writes it a moment after it has gone into the background.
    processes.wait_until(lambda: ready(state) or not processes.find("valkey-server", folder), START_SECONDS)
    if not ready(state):
        raise EmbeddedError(f"Valkey did not start. {processes.tail(log_file(state))}")


def _command(state: Path, folder: Path, who: Account, durable: bool) -> list[str | Path]:
    return [
        binaries.valkey_server(state, who),
        "--port", "0",
        "--unixsocket", socket_file(state),
        "--unixsocketperm", "700",
        "--dir", folder,
        "--appendonly", "yes" if durable else "no",
        "--save", "",
        "--maxmemory-policy", "noeviction",  # a queue must refuse rather than forget
        "--daemonize", "yes",
        "--pidfile", pid_file(state),
        "--logfile", log_file(state),
    ]  # fmt: skip


def stop(state: Path) -> None:
    """Stop the server after it has written its file; nothing happens if it does not run."""
    if (pid := server_pid(state)) and not processes.end(
        pid, signal.SIGTERM, lambda: server_pid(state) is None, 10
    ):
        raise EmbeddedError(f"Valkey (process {pid}) does not end. {processes.tail(log_file(state))}")


def pid_file(state: Path) -> Path:
    """Return the file with the server's process number."""
    return state / "valkey" / "valkey.pid"


def server_pid(state: Path) -> int | None:
    """Return the process number of the running server, None if there is none."""
    pid = processes.read_pid(pid_file(state))
    return pid if pid and processes.is_ours(pid, "valkey-server", state / "valkey") else None
