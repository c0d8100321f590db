"""The embedded PostgreSQL: made once, started when needed, with the product's three roles."""

import shlex
import shutil
import signal
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from csworkspace.embedded import binaries, processes
from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import Account, private_dir, socket_dir

DATABASE = "csworkspace"
PORT = 5432  # only a part of the socket's name; spelled out so that a PGPORT of the caller's changes nothing
START_SECONDS = 120  # recovery after a crash can take long, and must not be interrupted

ROLES = {
    "csw_owner": "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    "csw_app": "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    "csw_ops": "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION BYPASSRLS",
}
GRANTS = (
    "REVOKE ALL ON DATABASE csworkspace FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE csworkspace TO csw_app",
    "GRANT CONNECT ON DATABASE csworkspace TO csw_ops",
    "GRANT USAGE ON SCHEMA public TO csw_app, csw_ops",
    "GRANT pg_read_all_data TO csw_ops",  # backups
    "GRANT csw_app TO csw_owner",  # so that tests on the owner's connection may become the app
)
PROVISION = "1"  # raise when ROLES or GRANTS change: existing states are brought up to date

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: a crash may lose data, and nothing waits for the disk.
THROW_AWAY = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "wal_level": "minimal", "max_wal_senders": "0",
}  # fmt: skip


def data_dir(state: Path) -> Path:
    """Return PostgreSQL's data folder."""
    return state / "postgres" / "data"


def log_file(state: Path) -> Path:
    """Return the server's log."""
    return state / "postgres" / "postgres.log"


def identity(state: Path) -> str:
    """Return a text that changes when the data folder is made anew ('' if there is none)."""
    with suppress(OSError):
        made = (data_dir(state) / "PG_VERSION").stat()
        return f"{made.st_ino}.{made.st_mtime_ns}"
    return ""


def connect(state: Path, user: str, database: str = DATABASE) -> Connection:
    """Open an autocommit connection over the socket."""
    opened = psycopg2.connect(
        host=str(socket_dir(state)), port=PORT, user=user, dbname=database, connect_timeout=10
    )
    opened.autocommit = True
    return opened


def ready(state: Path) -> bool:
    """Whether the server answers and has its roles and database."""
    try:
        if (state / "provisioned").read_text() != PROVISION + identity(state):
            return False
        connect(state, "csw_app").close()
    except (OSError, psycopg2.Error):
        return False
    return True


def start(state: Path, who: Account, *, durable: bool = True) -> None:
    """Make the data folder if there is none, start the server if it is not running, create the roles."""
    private_dir(state / "postgres", who)
    if server_pid(state) is None:
        programs = binaries.postgres_bin(state, who)
        if data_dir(state).exists():
            _refuse_other_version(state, programs, who)
        else:
            _initdb(state, programs, who)
        _start_server(state, programs, who, SETTINGS | ({} if durable else THROW_AWAY))
    _provision(state)
    (state / "provisioned").write_text(PROVISION + identity(state))


def stop(state: Path) -> None:
    """Stop the server, ending its clients' transactions; nothing happens if it does not run."""
    if pid := server_pid(state):
        gone = processes.end(pid, signal.SIGINT, lambda: server_pid(state) is None, 20)
        processes.end_orphans("postgres", data_dir(state))
        if not gone:
            raise EmbeddedError(f"PostgreSQL (process {pid}) does not end. {processes.tail(log_file(state))}")


def server_pid(state: Path) -> int | None:
    """Return the process number of the running server, None if there is none."""
    pid = processes.read_pid(data_dir(state) / "postmaster.pid")
    return pid if pid and processes.is_ours(pid, "postgres", data_dir(state)) else None


def _initdb(state: Path, programs: Path, who: Account) -> None:
    """Make the data folder beside its place and move it there whole, so that a half-made one never starts."""
    fresh = data_dir(state).with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    made = binaries.run_as(
        who,
        [programs / "initdb", "-D", fresh, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
         "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"],
    )  # fmt: skip
    if made.returncode:
        raise EmbeddedError(f"PostgreSQL could not make its data folder {fresh}:\n{made.stdout.strip()}")
    fresh.rename(data_dir(state))


def _refuse_other_version(state: Path, programs: Path, who: Account) -> None:
    held = (data_dir(state) / "PG_VERSION").read_text().strip()
    brought = binaries.run_as(who, [programs / "postgres", "--version"]).stdout.split()[-1].split(".")[0]
    if held != brought:
        raise EmbeddedError(
            f"{data_dir(state)} was made by PostgreSQL {held}; this release brings PostgreSQL {brought}, "
            f"which cannot read it. To begin anew: move {state} away and start again. To keep the data: with "
            f"the release that made it, run `pg_dump -Fc -h {socket_dir(state)} -U csw_ops {DATABASE} "
            f"-f csworkspace.dump` and stop it, move {state} away, start this release, and load the file "
            "with pg_restore."
        )


def _start_server(state: Path, programs: Path, who: Account, settings: dict[str, str]) -> None:
    _clear_leftovers(state)
    processes.rotate(log_file(state))
    settings = settings | {"unix_socket_directories": str(socket_dir(state))}
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    # pg_ctl detaches the server into a session of its own: Ctrl-C at the terminal does not reach it.
    started = binaries.run_as(
        who, [programs / "pg_ctl", "start", "-D", data_dir(state), "-l", log_file(state), "-w",
              "-t", str(START_SECONDS), "-s", "-o", options], timeout=START_SECONDS + 10,
    )  # fmt: skip
    if started.returncode:
        raise EmbeddedError(f"PostgreSQL did not start. {processes.tail(log_file(state))}")


def _clear_leftovers(state: Path) -> None:
    """After kill -9: end the dead server's children, and drop its lock files.

    The number in them may belong to a stranger by now, or to a process nobody has collected yet (a
    container without an init); PostgreSQL would then refuse to start.
    """
    processes.end_orphans("postgres", data_dir(state))
    (data_dir(state) / "postmaster.pid").unlink(missing_ok=True)
    (socket_dir(state) / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _provision(state: Path) -> None:
    """Create the roles and the database, or bring their attributes back to what they must be."""
    with closing(connect(state, "postgres", "postgres")) as server, server.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        existing = {name for (name,) in cursor.fetchall()}
        for role, attributes in ROLES.items():
            verb = "ALTER" if role in existing else "CREATE"
            cursor.execute(sql.SQL(f"{verb} ROLE {{}} {attributes}").format(sql.Identifier(role)))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute("CREATE DATABASE csworkspace OWNER csw_owner")
    with closing(connect(state, "postgres")) as database, database.cursor() as cursor:
        for statement in GRANTS:
            cursor.execute(statement)
