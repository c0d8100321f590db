"""Events over HTTP in batches of 1,000: key, wall and durable commit, against a bare view that only COPYs.

The bare view copies the same rows into tables of the same kind (a key table, and a partitioned event
table with its indexes): it knows the account ids beforehand, checks nothing and would fail on a duplicate.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
from django.db import connection

from csworkspace.api.keys import hash_key, new_key
from csworkspace.people.models import ApiKey
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.owner import as_owner
from tests.bench.ratios import Ratio
from tests.bench.worlds import make_events, make_workspace

BATCH = 1_000
BATCHES = 30
ROUNDS = 3
ACCOUNTS = 500
CLIENTS = 2
# Tables of the same columns, keys, indexes and references, but without the wall, which refuses COPY.
TABLES = """
create table bench_key (like accounts_eventkey including all);
create table bench_event (like accounts_event including defaults including identity,
    foreign key (workspace_id, account_id) references accounts_account (workspace_id, id)
) partition by range (occurred_at);
create index on bench_event (workspace_id, account_id, occurred_at);
create index on bench_event (workspace_id, account_key) where account_id is null;
do $$ begin for month in 0 .. 24 loop
    execute format('create table bench_event_%s partition of bench_event for values from (%L) to (%L)', month,
        date '2024-06-01' + month * interval '1 month', date '2024-06-01' + (month + 1) * interval '1 month');
end loop; end $$;
grant all on bench_key, bench_event to csw_app
"""


def run() -> list[Ratio]:
    """Two clients at once on two workers of the same server; the sides take turns."""
    workspace, _ = make_workspace("bench", ACCOUNTS)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(TABLES)
    key = _key(workspace)
    ours: list[float] = []
    bare: list[float] = []
    with _server() as socket:
        _send(socket, "/api/v1/events", key, _bodies(999, 4))
        _send(socket, "/bare", key, _bodies(998, 4))
        for turn in range(ROUNDS):
            ours.append(_send(socket, "/api/v1/events", key, _bodies(2 * turn, BATCHES)))
            bare.append(_send(socket, "/bare", key, _bodies(2 * turn + 1, BATCHES)))
    rates = [BATCH * BATCHES / statistics.median(side) for side in (ours, bare)]
    return [Ratio("batches of 1,000, against a view that only COPYs", *rates, "events/s", 0.6, True)]


def _key(workspace: int) -> str:
    with open_workspace(workspace):
        text = new_key(workspace)
        ApiKey.objects.create(name="bench", key_hash=hash_key(text), hint=text[:8])
    return text


def _bodies(seed: int, count: int) -> list[bytes]:
    events = make_events(BATCH * count, accounts=ACCOUNTS, seed=seed)
    return [msgspec.json.encode({"events": [next(events) for _ in range(BATCH)]}) for _ in range(count)]


@contextmanager
def _server() -> Iterator[Path]:
    """gunicorn with two workers on a unix socket."""
    socket = Path(tempfile.mkdtemp()) / "http.sock"
    command = [sys.executable, "-m", "gunicorn", "-w", str(CLIENTS), "-b", f"unix:{socket}"]
    quiet = ["--log-level", "error", "tests.bench.bare_view:application"]
    server = subprocess.Popen([*command, *quiet], env={**os.environ, "JOBS_INLINE": ""})
    try:
        _wait_for(socket)
        yield socket
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(socket: Path) -> None:
    for _ in range(200):
        if socket.exists():
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _send(socket: Path, path: str, key: str, bodies: list[bytes]) -> float:
    """Seconds until every batch is answered."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(
            pool.map(
                lambda part: _client(socket, path, key, part), [bodies[n::CLIENTS] for n in range(CLIENTS)]
            )
        )
    return time.perf_counter() - begun


def _client(socket: Path, path: str, key: str, bodies: list[bytes]) -> None:
    for body in bodies:
        link = _Link(socket)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Host": "localhost"}
        link.request("POST", path, body, headers)
        answer = link.getresponse()
        answer.read()
        link.close()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")


class _Link(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self.path = str(path)

    def connect(self) -> None:
        """Open the socket."""
        import socket

        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)
