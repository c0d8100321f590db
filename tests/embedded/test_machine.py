"""Setting up a machine, and the Makefile that calls it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from csworkspace.embedded import machine, throwaway
from csworkspace.embedded.paths import PROJECT

GHOST = machine.Need("ghost-9.9", "PDF reports", {"apt-get": "libghost0", "dnf": "ghost"})


@pytest.fixture
def with_programs(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The programs this pretended machine has."""
    programs: set[str] = set()
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)
    return programs


def test_a_library_is_looked_for_by_loading_it() -> None:
    assert machine.has_library("pango-1.0")
    assert not machine.has_library("ghost-9.9")
    assert machine.missing([GHOST], []) == [GHOST]


def test_without_leave_the_exact_command_is_printed(
    with_programs: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSW_APT", "0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with_programs.add("apt-get")
    with pytest.raises(SystemExit) as caught:
        machine.provide([GHOST])
    assert caught.value.code == (
        "This machine lacks ghost-9.9 (for PDF reports). Type this, then run make again:\n\n"
        "    sudo apt-get update && sudo apt-get install -y --no-install-recommends libghost0\n"
    )


def test_another_package_manager_has_another_command(
    with_programs: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with_programs.add("dnf")
    with pytest.raises(SystemExit, match=r"(?s)make again:\n\n    dnf install -y ghost\n"):
        machine.provide([GHOST])


def test_what_is_optional_stops_nothing(with_programs: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    machine.provide([machine.Need("ghost", "speed", {}, optional=True)])
    assert capsys.readouterr().out == "Going on without ghost (for speed).\n"


def test_root_installs_with_apt(with_programs: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSW_APT", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with_programs.add("apt-get")
    typed: list[str] = []

    def pretend(command: list[str]) -> "subprocess.CompletedProcess[str]":
        typed.append(" ".join(command))
        return subprocess.CompletedProcess(command, 0, "")

    monkeypatch.setattr(machine, "run", pretend)
    machine.provide([GHOST])
    assert typed == [
        "apt-get update",
        "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libghost0",
    ]


def test_python_without_venv_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.venv_need() is None
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    need = machine.venv_need()
    assert need is not None
    assert need.packages["apt-get"].endswith("-venv")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("stamp", [".set-up", ".set-up-dev"])
def test_set_up_runs_again_only_when_its_files_change(tmp_path: Path, stamp: str) -> None:
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "csworkspace/embedded/machine.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
        os.utime(tmp_path / name, (1, 1))
    target = tmp_path / ".venv" / stamp
    target.parent.mkdir()
    assert make_has_work(target, tmp_path)
    target.touch()
    assert not make_has_work(target, tmp_path)
    os.utime(tmp_path / "requirements.txt")
    os.utime(target, (2, 2))
    assert make_has_work(target, tmp_path)


def make_has_work(target: Path, folder: Path) -> bool:
    command = ["make", "--question", str(target.relative_to(folder)), "PYTHON=python3"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 1


def test_requirements_pin_everything_and_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (PROJECT / name).read_text()
        assert "://" not in text
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        packages = [line for line in lines if line and line != "-r requirements.txt"]
        assert [line for line in packages if "==" not in line] == []


@pytest.mark.slow
def test_throw_away_services_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/db")
    note = tmp_path / "note"
    script = (
        f'echo "$CSW_STATE_DIR ${{DATABASE_URL:-none}}" > {note}; ls "$CSW_STATE_DIR/run" >> {note}; exit 7'
    )
    assert throwaway.run(["sh", "-c", script]) == 7
    place, url, *sockets = note.read_text().split()
    assert (url, sockets) == ("none", ["valkey.sock"])
    assert not Path(place).parent.exists()
