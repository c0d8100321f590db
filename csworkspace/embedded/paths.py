"""Where the embedded services keep their state, and who they run as."""

import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from csworkspace.embedded.errors import EmbeddedError

PROJECT = Path(__file__).resolve().parents[2]

# A unix socket's path holds at most 107 bytes (103 on macOS); the longest name in the folder is
# ".s.PGSQL.5432". Other characters than these would need quoting in URLs, differently in each library.
SOCKET_DIR_BYTES = 103 - len("/.s.PGSQL.5432")
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
# pg_ctl hands the data folder to a shell inside double quotes.
UNSAFE_IN_SHELL = re.compile(r'[\x00-\x1f"$`\\]')


@dataclass(frozen=True)
class Account:
    """The operating-system user the services run as; `switch` when that is not the caller."""

    uid: int
    gid: int
    switch: bool


def account() -> Account:
    """Return `nobody` for root, because PostgreSQL refuses to run as root; otherwise the caller."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "As root the embedded services run as the user 'nobody', and this machine has none. "
            "Run as an ordinary user, or set DATABASE_URL, BROKER_URL and CACHE_URL to servers of your own."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid, switch=True)


def state_dir() -> Path:
    """Return the folder of data, logs and locks: CSW_STATE_DIR, or `.state` in the project.

    For root, whose home is closed to `nobody`, a checkout in such a place keeps its state in /var/lib.
    """
    if chosen := os.environ.get("CSW_STATE_DIR"):
        return Path(os.path.abspath(Path(chosen).expanduser()))
    usual = PROJECT / ".state"
    who = account() if os.geteuid() == 0 else None
    if who and unreachable_parent(usual, who):
        return Path("/var/lib/csworkspace") / digest(PROJECT)
    return usual


def digest(path: Path) -> str:
    """Return a short name for a path, different for each user."""
    return hashlib.sha256(f"{os.geteuid()}:{path}".encode()).hexdigest()[:12]


def unreachable_parent(path: Path, who: Account) -> Path | None:
    """Return the first folder above `path` that `who` may not pass through, None if all are open."""
    for parent in reversed(path.parents):
        if parent.exists() and not _may_enter(parent, who):
            return parent
    return None


def _may_enter(folder: Path, who: Account) -> bool:
    found = folder.stat()
    if found.st_uid == who.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == who.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def socket_dir(state: Path) -> Path:
    """Return where the sockets of `state` are: in it, or in a short folder if its path does not fit."""
    inside = state / "run"
    if len(os.fsencode(inside)) <= SOCKET_DIR_BYTES and PLAIN_PATH.fullmatch(str(inside)):
        return inside
    return Path("/tmp") / f"csw-{digest(state)}"


def prepare(state: Path) -> Account:
    """Create the state and socket folders, or refuse them when they are someone else's."""
    who = account()
    if UNSAFE_IN_SHELL.search(str(state)):
        raise EmbeddedError(
            f"The state folder's path {str(state)!r} has a quote, a $ or a control character in it. "
            "Set CSW_STATE_DIR to a plainer one."
        )
    if who.switch and (closed := unreachable_parent(state, who)):
        raise EmbeddedError(
            f"As root the embedded services run as 'nobody', who may not enter {closed}. "
            "Set CSW_STATE_DIR to a folder that others can reach, for example below /var/lib."
        )
    _prepare_state(state, who)
    private_dir(socket_dir(state), who)
    return who


def _prepare_state(state: Path, who: Account) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o711 if who.switch else 0o700
    if not state.exists():
        state.mkdir(mode=mode)
    _refuse_foreign(state, os.geteuid())
    if not _may_enter(state, who):
        _open_to(state, mode)
    for private in ("log", "mail", "staticfiles"):  # root's state folder is passable for all, these are not
        (state / private).mkdir(mode=0o700, exist_ok=True)


def _open_to(state: Path, mode: int) -> None:
    """Let `nobody` pass through a state folder of root's; any other folder keeps its mode."""
    if any(state.iterdir()) and not (state / "log").is_dir():
        raise EmbeddedError(
            f"{state} is closed to 'nobody', who runs the embedded services for root, and holds other "
            "files. Set CSW_STATE_DIR to an empty folder."
        )
    state.chmod(mode)


def private_dir(folder: Path, who: Account) -> Path:
    """Create `folder` for `who` alone (0700), or refuse it when it is not exactly that."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if who.switch and folder.lstat().st_uid == os.geteuid():
        os.chown(folder, who.uid, who.gid, follow_symlinks=False)
    _refuse_foreign(folder, who.uid)
    folder.chmod(0o700)
    return folder


def _refuse_foreign(folder: Path, uid: int) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise EmbeddedError(
            f"{folder} should be a folder of CS Workspace and is something else. Move it away."
        )
    if found.st_uid != uid:
        raise EmbeddedError(
            f"{folder} belongs to {_name(found.st_uid)}, not to {_name(uid)}. "
            "Run as that user, or set CSW_STATE_DIR to a folder of your own."
        )


def _name(uid: int) -> str:
    try:
        return f"user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"user number {uid}"
