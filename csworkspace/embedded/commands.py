"""What manage.py does before a command: start the services, and migrate a database that is behind."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from csworkspace.embedded import postgres, services
from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import PROJECT, state_dir

WITHOUT_SERVICES = {
    "help", "version", "check", "collectstatic", "compilemessages", "diffsettings", "findstatic",
    "makemessages", "serve", "spectacular", "startapp", "startproject",
}  # fmt: skip
WITHOUT_MIGRATING = {
    "dbshell", "makemigrations", "migrate", "optimizemigration", "showmigrations", "sqlmigrate",
    "squashmigrations", "test",
}  # fmt: skip


def prepare(arguments: list[str]) -> None:
    """Make ready for `manage.py <command>`: on the embedded default only, and only what it needs."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if os.environ.get("DATABASE_URL") or _needs_nothing(command, arguments):
        return
    try:
        state = state_dir()
        services.ensure(state, broker=needs_broker())
        if command not in WITHOUT_MIGRATING:
            migrate_if_behind(state)
    except EmbeddedError as error:
        sys.exit(f"manage.py {command}: {error}")


def needs_broker() -> bool:
    """Whether the embedded Valkey is needed: unless both its addresses are set."""
    return not (os.environ.get("BROKER_URL") and os.environ.get("CACHE_URL"))


def _needs_nothing(command: str, arguments: list[str]) -> bool:
    if command == "check":
        return "--database" not in arguments
    return (
        command.startswith("-") or command in WITHOUT_SERVICES or not {"-h", "--help"}.isdisjoint(arguments)
    )


def migrate_if_behind(state: Path, announce: Callable[[], None] = lambda: None) -> None:
    """Run `migrate` unless the marker says that this database has these migrations already.

    `announce` is called before it. A marker file instead of a query: every command pays for this.
    """
    marker = state / "migrated"
    wanted = fingerprint(state)
    if marker.exists() and marker.read_text() == wanted:
        return
    with services.exclusive(state / "migrate.lock"):
        if not marker.exists() or marker.read_text() != wanted:
            announce()
            manage("migrate", "--verbosity", "0")
            marker.write_text(wanted)


def fingerprint(state: Path) -> str:
    """Return a digest of the data folder's identity, our migrations' names and the pinned packages."""
    names = sorted(str(path.relative_to(PROJECT)) for path in _migrations())
    parts = [postgres.identity(state), *names, (PROJECT / "requirements.txt").read_text()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _migrations() -> Iterable[Path]:
    for pattern in ("[a-z]*/migrations/[0-9]*.py", "[a-z]*/[a-z]*/migrations/[0-9]*.py"):
        yield from PROJECT.glob(pattern)


def manage(*arguments: str) -> str:
    """Run another manage.py command and return its output; its complaint becomes the EmbeddedError."""
    done = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        complaint = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise EmbeddedError(f"'manage.py {' '.join(arguments)}' failed:\n{complaint}")
    return done.stdout
