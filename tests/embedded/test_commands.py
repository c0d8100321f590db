"""What manage.py does before a command."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from csworkspace.embedded import commands, services
from csworkspace.embedded.errors import EmbeddedError


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked for, instead of doing it."""
    made: list[Any] = []
    monkeypatch.setattr(services, "ensure", lambda state, **options: made.append(options))
    monkeypatch.setattr(commands, "manage", lambda *arguments: made.append(arguments) or "")
    return made


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("CSW_STATE_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [[], ["help"], ["--version"], ["check"], ["check", "--deploy"], ["serve"], ["migrate", "--help"]],
)
def test_commands_that_need_no_database_start_nothing(arguments: list[str], calls: list[Any]) -> None:
    commands.prepare(["manage.py", *arguments])
    assert calls == []


def test_a_server_of_ones_own_is_left_alone(calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/db")
    commands.prepare(["manage.py", "shell"])
    assert calls == []


def test_the_first_command_migrates_and_the_next_does_not(calls: list[Any], home: Path) -> None:
    for _ in range(2):
        commands.prepare(["manage.py", "create_workspace"])
    assert calls == [{"broker": True}, ("migrate", "--verbosity", "0"), {"broker": True}]


@pytest.mark.parametrize("command", sorted(commands.WITHOUT_MIGRATING))
def test_commands_about_migrations_do_not_migrate(command: str, calls: list[Any], home: Path) -> None:
    commands.prepare(["manage.py", command])
    assert calls == [{"broker": True}]


def test_new_migrations_and_a_new_database_are_noticed(
    calls: list[Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    commands.migrate_if_behind(home, lambda: said.append("first"))
    monkeypatch.setattr(
        commands, "_migrations", lambda: [commands.PROJECT / "accounts/migrations/0099_new.py"]
    )
    commands.migrate_if_behind(home, lambda: said.append("new migration"))
    monkeypatch.setattr("csworkspace.embedded.postgres.identity", lambda state: "another")
    commands.migrate_if_behind(home, lambda: said.append("new database"))
    commands.migrate_if_behind(home, lambda: said.append("nothing"))
    assert said == ["first", "new migration", "new database"]


def test_the_fingerprint_sees_our_migrations() -> None:
    names = {str(path.relative_to(commands.PROJECT)) for path in commands._migrations()}
    assert {
        f"{app}/migrations/0001_initial.py" for app in ("csworkspace", "accounts", "playbooks", "reports")
    } <= (names)
    assert not any(name.startswith(".") for name in names)


def test_valkey_is_left_out_when_both_its_addresses_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER_URL", "redis://somewhere")
    assert commands.needs_broker()
    monkeypatch.setenv("CACHE_URL", "redis://somewhere")
    assert not commands.needs_broker()


def test_a_failing_command_is_quoted() -> None:
    with pytest.raises(
        EmbeddedError, match=r"(?s)^'manage.py nonsense --help' failed:\n.*Unknown command: 'nonsense'"
    ):
        commands.manage("nonsense", "--help")


def test_a_refusal_ends_the_command_with_its_reason(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    def refuse(state: Path, **options: Any) -> None:
        raise EmbeddedError("no room")

    monkeypatch.setattr(services, "ensure", refuse)
    with pytest.raises(SystemExit, match=r"^manage.py shell: no room$"):
        commands.prepare(["manage.py", "shell"])


def test_nothing_of_the_embedded_package_imports_django() -> None:
    code = "import sys; import csworkspace.embedded.__main__; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=commands.PROJECT, check=False).returncode == 0
