"""Real servers in temporary folders: start, crash, stop, and what is refused."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from csworkspace.embedded import postgres, processes, services, valkey
from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import socket_dir


def query(state: Path, statement: str, user: str = "csw_owner") -> list[tuple[Any, ...]]:
    with closing(postgres.connect(state, user)) as opened, opened.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def valkey_says(state: Path, command: str) -> str:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(valkey.socket_file(state)))
        client.sendall(command.encode() + b"\r\n")
        return client.recv(1000).decode()


def pids(state: Path) -> tuple[int | None, int | None]:
    return postgres.server_pid(state), valkey.server_pid(state)


def test_roles_have_their_attributes_and_no_more(running: Path) -> None:
    found = query(
        running,
        "SELECT rolname, rolcanlogin, rolcreatedb, rolsuper, rolcreaterole, rolreplication, rolbypassrls "
        "FROM pg_roles WHERE rolname LIKE 'csw%' ORDER BY rolname",
    )
    assert found == [
        ("csw_app", True, False, False, False, False, False),
        ("csw_ops", True, False, False, False, False, True),
        ("csw_owner", True, True, False, False, False, False),
    ]


def test_app_owns_nothing_and_may_not_create(running: Path) -> None:
    owner = query(
        running, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'csworkspace'", "csw_app"
    )
    assert owner == [("csw_owner",)]
    allowed = query(
        running,
        "SELECT has_schema_privilege('public', 'CREATE'), has_schema_privilege('public', 'USAGE'), "
        "has_database_privilege('csworkspace', 'CREATE'), has_database_privilege('csworkspace', 'TEMP')",
        "csw_app",
    )
    assert allowed == [(False, True, False, True)]


def test_servers_listen_on_private_sockets_alone(running: Path) -> None:
    assert query(running, "SHOW listen_addresses") == [("",)]
    assert valkey_says(running, "CONFIG GET port").split()[-1] == "0"
    assert socket_dir(running).stat().st_mode & 0o777 == 0o700


def test_throw_away_does_not_wait_for_the_disk(running: Path) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    assert [query(running, f"SHOW {name}") for name in names] == [[("off",)]] * 3
    assert valkey_says(running, "CONFIG GET appendonly").split()[-1] == "no"


def test_ensure_again_starts_nothing(running: Path) -> None:
    before = pids(running)
    assert services.ensure(running) == services.urls(running)
    assert pids(running) == before
    assert services.ended(running) == []


def test_a_changed_role_is_put_right(running: Path) -> None:
    with closing(postgres.connect(running, "postgres")) as opened, opened.cursor() as cursor:
        cursor.execute("ALTER ROLE csw_app BYPASSRLS")
    (running / "provisioned").unlink()
    services.ensure(running, durable=False)
    found = query(running, "SELECT rolbypassrls FROM pg_roles WHERE rolname = 'csw_app'")
    assert found == [(False,)]


@pytest.mark.slow
def test_two_at_once_start_one_each_and_data_outlive_a_crash(state: Path) -> None:
    environment = os.environ | {"CSW_STATE_DIR": str(state)}
    command = [sys.executable, "-m", "csworkspace.embedded", "start"]
    both = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert len(processes.find("valkey-server", state / "valkey")) == 1
    assert query(state, "SHOW fsync") == [("on",)]
    assert valkey_says(state, "CONFIG GET appendonly").split()[-1] == "yes"

    query(state, "CREATE TABLE kept (number int)")
    query(state, "INSERT INTO kept VALUES (7)")
    assert valkey_says(state, "SET kept 7").startswith("+OK")
    before = pids(state)
    for pid in before:
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    assert processes.wait_until(lambda: services.ended(state) == ["PostgreSQL", "Valkey"], 5)

    services.ensure(state)
    assert query(state, "SELECT number FROM kept") == [(7,)]
    assert valkey_says(state, "GET kept").split() == ["$1", "7"]
    assert set(pids(state)).isdisjoint(before)
    services.stop(state)
    assert pids(state) == (None, None)
    services.stop(state)


@pytest.mark.slow
def test_leftovers_of_a_broken_start_are_in_nobodys_way(state: Path) -> None:
    services.ensure(state, durable=False, broker=False)
    services.stop(state)
    (postgres.data_dir(state) / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data_dir(state)}\n")
    (postgres.data_dir(state).with_name("data.new") / "base").mkdir(parents=True)
    services.ensure(state, durable=False, broker=False)
    assert query(state, "SELECT 1") == [(1,)]
    services.stop(state)
    postgres.data_dir(state).rename(state / "gone")
    services.ensure(state, durable=False, broker=False)
    assert query(state, "SELECT 1") == [(1,)]


@pytest.mark.slow
def test_a_failed_start_shows_the_log_and_a_foreign_version_is_refused(state: Path) -> None:
    services.ensure(state, durable=False, broker=False)
    services.stop(state)
    with (postgres.data_dir(state) / "postgresql.conf").open("a") as configuration:
        configuration.write("nonsense = 1\n")
    with pytest.raises(EmbeddedError) as caught:
        services.ensure(state, durable=False, broker=False)
    assert str(caught.value).startswith(
        f"PostgreSQL did not start. Last lines of {postgres.log_file(state)}:"
    )
    assert 'unrecognized configuration parameter "nonsense"' in str(caught.value)

    (postgres.data_dir(state) / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match=r"was made by PostgreSQL 9; .*brings PostgreSQL 18.*pg_dump"):
        services.ensure(state, durable=False, broker=False)
