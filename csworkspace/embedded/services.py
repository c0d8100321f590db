"""The embedded services as a whole: their addresses, start and stop."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from csworkspace.embedded import postgres, valkey
from csworkspace.embedded.paths import prepare, socket_dir


@dataclass(frozen=True)
class Urls:
    """Addresses in the forms that django-environ (databases), kombu (broker) and redis-py (cache) read."""

    database_url: str
    owner_database_url: str
    ops_database_url: str
    broker_url: str
    cache_url: str


def urls(state: Path) -> Urls:
    """Return the addresses the services of `state` have, whether they run or not."""
    sockets = socket_dir(state)

    def database(role: str) -> str:
        # A path of two parts: django-environ reads the first as the socket's folder.
        return f"postgres://{role}@:{postgres.PORT}/{sockets}/{postgres.DATABASE}"

    return Urls(
        database_url=database("csw_app"),
        owner_database_url=database("csw_owner"),
        ops_database_url=database("csw_ops"),
        broker_url=f"redis+socket://{valkey.socket_file(state)}",
        cache_url=f"unix://{valkey.socket_file(state)}?db=1",
    )


def ensure(state: Path, *, durable: bool = True, database: bool = True, broker: bool = True) -> Urls:
    """Start what is not running and return the addresses; a few milliseconds when all runs already.

    `durable=False` (for tests) starts servers that may lose data in a crash; servers that run already
    are left as they are. `database` and `broker` leave one of the two out. Raises EmbeddedError.
    """
    who = prepare(state)  # first of all: a server in a folder of someone else's must not be talked to
    if not running(state, database=database, broker=broker):
        with exclusive(state / "services.lock"):
            if database and not postgres.ready(state):
                postgres.start(state, who, durable=durable)
            if broker and not valkey.ready(state):
                valkey.start(state, who, durable=durable)
    return urls(state)


def running(state: Path, *, database: bool = True, broker: bool = True) -> bool:
    """Whether the services answer."""
    return (not database or postgres.ready(state)) and (not broker or valkey.ready(state))


def ended(state: Path, *, database: bool = True, broker: bool = True) -> list[str]:
    """Return the names of the services whose process is gone."""
    servers = (("PostgreSQL", database, postgres.server_pid), ("Valkey", broker, valkey.server_pid))
    return [name for name, wanted, pid in servers if wanted and pid(state) is None]


def stop(state: Path) -> None:
    """Stop both services; nothing happens if they do not run. Raises EmbeddedError if one stays."""
    if state.is_dir():
        prepare(state)
        with exclusive(state / "services.lock"):
            valkey.stop(state)
            postgres.stop(state)


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Hold a lock between processes; it ends with the process that holds it."""
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
