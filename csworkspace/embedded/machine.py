"""Set up this machine: native libraries, `.venv`, pinned packages. Run by the Makefile, before any of them.

Uses the standard library alone and imports nothing of ours, because nothing is installed yet.
`CSW_APT=0` keeps it from installing system packages: it then prints the command and stops.
"""

import argparse
import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.9"


@dataclass(frozen=True)
class Need:
    """Something of the operating system's: what for, and the package that brings it, by package manager."""

    name: str
    reason: str
    packages: dict[str, str]
    optional: bool = False


INSTALLERS = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "zypper": "zypper install -y",
    "pacman": "pacman -S --noconfirm",
    "apk": "apk add",
    "brew": "brew install",
}
PANGO = dict.fromkeys(INSTALLERS, "pango")
LIBRARIES = (
    Need("pango-1.0", "PDF reports", PANGO | {"apt-get": "libpango-1.0-0"}),
    Need("pangoft2-1.0", "PDF reports", PANGO | {"apt-get": "libpangoft2-1.0-0"}),
    Need("harfbuzz-subset", "faster PDF reports", {"apt-get": "libharfbuzz-subset0"}, optional=True),
)
CHROMIUM = Need("chromium", "browser tests", dict.fromkeys(INSTALLERS, "chromium"))
# The same without what shows windows: Debian packs it by itself.
SHELL = Need(
    "chromium-headless-shell", "faster browser tests", {"apt-get": "chromium-headless-shell"}, optional=True
)


def main() -> None:
    """Do all of it; say what is missing and stop when that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = parser.parse_args().dev
    provide([need for need in (venv_need(),) if need])
    lacking = missing(LIBRARIES, [CHROMIUM, SHELL] if dev else [])
    provide([need for need in lacking if not need.optional])
    provide([need for need in lacking if need.optional])
    make_venv()
    install("requirements-dev.txt" if dev else "requirements.txt")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def venv_need() -> Need | None:
    """Debian packs the module that makes virtual environments separately."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return None
    package = f"python3.{sys.version_info.minor}-venv"
    return Need("venv and ensurepip", "the Python packages", {"apt-get": package})


def missing(libraries: Iterable[Need], programs: Iterable[Need]) -> list[Need]:
    """Return what is not there."""
    return [need for need in libraries if not has_library(need.name)] + [
        need for need in programs if not shutil.which(need.name)
    ]


def has_library(name: str) -> bool:
    """Whether the dynamic linker finds a library: asked by loading it, as WeasyPrint will."""
    for file in (f"lib{name}.so.0", ctypes.util.find_library(name)):
        try:
            if file and ctypes.CDLL(file):
                return True
        except OSError:
            continue
    return False


def provide(needs: Sequence[Need]) -> None:
    """Install system packages with apt if that needs no password; otherwise print the command and stop."""
    if not needs:
        return
    manager = next((name for name in INSTALLERS if shutil.which(name)), None)
    packages = (
        sorted({need.packages[manager] for need in needs if manager in need.packages}) if manager else []
    )
    names = ", ".join(f"{need.name} (for {need.reason})" for need in needs)
    if packages and manager == "apt-get" and (prefix := privilege()) is not None:
        say(f"Installing {' '.join(packages)}: this machine lacks {names}.")
        if apt(prefix, packages):
            return
    if all(need.optional for need in needs):
        say(f"Going on without {names}.")
        return
    sys.exit(refusal(names, manager, packages))


def refusal(names: str, manager: str | None, packages: Sequence[str]) -> str:
    """Return the text that says what is missing and the exact command to type."""
    if not manager or not packages:
        return f"This machine lacks {names}. Install it, then run make again."
    command = f"{INSTALLERS[manager]} {' '.join(packages)}"
    sudo = "" if manager == "brew" or os.geteuid() == 0 else "sudo "
    update = f"{sudo}apt-get update && " if manager == "apt-get" else ""
    return f"This machine lacks {names}. Type this, then run make again:\n\n    {update}{sudo}{command}\n"


def privilege() -> list[str] | None:
    """Return what to put before apt-get: nothing for root, sudo if it asks for no password, else None."""
    if os.environ.get("CSW_APT") == "0":
        return None
    if os.geteuid() == 0:
        return []
    allowed = shutil.which("sudo") and run(["sudo", "-n", "true"]).returncode == 0
    return ["sudo", "-n"] if allowed else None


def apt(prefix: list[str], packages: Sequence[str]) -> bool:
    """Install Debian packages; on failure show why and return False."""
    frontend = ["env", "DEBIAN_FRONTEND=noninteractive"]
    run([*prefix, "apt-get", "update"])  # an old list may still do, so its result does not decide
    done = run([*prefix, *frontend, *INSTALLERS["apt-get"].split(), *packages])
    if done.returncode:
        say("\n".join(done.stdout.strip().splitlines()[-8:]))
    return done.returncode == 0


def run(command: Sequence[str | Path], *, show: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a command to its end without input; its output is captured unless it is to be shown."""
    kept = None if show else subprocess.PIPE
    return subprocess.run(
        [str(part) for part in command], cwd=PROJECT, stdin=subprocess.DEVNULL,
        stdout=kept, stderr=None if show else subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip


def make_venv() -> None:
    """Create `.venv`, or make it anew if its Python is gone, too old, or without pip."""
    works = PYTHON.exists() and run(
        [PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    ).returncode == 0  # fmt: skip
    if works:
        return
    say(f"Making the virtual environment {VENV}")
    made = run([sys.executable, "-m", "venv", "--clear", VENV])
    if made.returncode:
        sys.exit(f"It could not be made:\n{made.stdout.strip()}")


def install(requirements: str) -> None:
    """Install the pinned packages with uv (seconds), or with pip if uv cannot be had (a minute)."""
    say(f"Installing the packages of {requirements}")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    with_uv = run([*pip, UV]).returncode == 0 and run(
        [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "-r", requirements]
    ).returncode == 0  # fmt: skip
    if not with_uv and run([*pip, "-r", requirements], show=True).returncode:
        sys.exit(f"The packages of {requirements} could not be installed; the lines above say why.")


if __name__ == "__main__":
    main()
