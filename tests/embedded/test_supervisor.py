"""`make run`: what it refuses, and how it keeps its children."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from csworkspace.embedded import children, processes, supervisor
from csworkspace.embedded.children import Child

SITE = supervisor.Site("http://localhost:8000", "cs.example.com")


@pytest.fixture
def home(state: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CSW_STATE_DIR", str(state))
    return state


def test_a_second_start_says_who_runs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    with supervisor._only_one(home, SITE.url):
        assert supervisor.run(SITE) == 1
    assert capsys.readouterr().out == (
        f"\nCS Workspace runs already: process {os.getpid()}, http://localhost:8000. "
        "Stop it with Ctrl-C there, or with 'make stop'.\n"
    )


def test_a_taken_port_stops_before_anything_starts(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert supervisor.run(SITE) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"\nThe address 127.0.0.1:{port} cannot be had: Address already in use.")
    assert not (home / "postgres").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match=f"^PORT is '{port}'; it must be a number from 1 to 65535.$"):
        supervisor.run(SITE)


def test_stop_tells_the_one_that_runs_and_waits_for_it(home: Path) -> None:
    supervisor.stop(home)
    home.mkdir()
    code = (
        "import signal, sys, time; from pathlib import Path; from csworkspace.embedded import supervisor\n"
        "signal.signal(signal.SIGTERM, supervisor._stop)\n"
        "with supervisor._only_one(Path(sys.argv[1]), 'here'):\n"
        "    try: print('up', flush=True); time.sleep(30)\n"
        "    except supervisor.Stop: time.sleep(0.2)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"up\n"
    supervisor.stop(home)
    assert other.wait(5) == 0


def test_the_demo_is_for_the_embedded_database(monkeypatch: pytest.MonkeyPatch) -> None:
    assert supervisor._wants_demo()
    monkeypatch.setenv("CSW_DEMO", "0")
    assert not supervisor._wants_demo()
    monkeypatch.delenv("CSW_DEMO")
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/db")
    assert not supervisor._wants_demo()
    monkeypatch.setenv("CSW_DEMO", "1")
    assert supervisor._wants_demo()


def test_health_asks_with_an_allowed_host() -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()
            self.wfile.write((self.headers["Host"] or "").encode())

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        port = server.server_address[1]
        assert supervisor._health(SITE, "0.0.0.0", port) == (200, "cs.example.com")
        thread.join()
    assert supervisor._health(SITE, "127.0.0.1", port)[0] == 0


def python(name: str, code: str, folder: Path) -> Child:
    return Child(name, [sys.executable, "-c", code], folder / f"{name}.log")


def test_a_child_that_ends_is_reported_started_again_and_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LIMIT", 2)
    child = python("web", "raise SystemExit(3)", tmp_path)
    child.start()
    assert processes.wait_until(child.gone, 5)
    assert child.look() == "exit code 3"
    assert child.look() is None
    assert not child.hopeless
    assert not child.restart_if_due()
    child.due = time.monotonic()
    assert child.restart_if_due()
    assert processes.wait_until(child.gone, 5)
    assert child.look() == "exit code 3"
    assert child.hopeless


def test_only_new_warnings_of_a_log_are_told(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("ERROR of yesterday\n")
    child = python("web", "", tmp_path)
    child.told = log.stat().st_size
    with log.open("a") as handle:
        handle.write(
            "2026-01-01 INFO hello\n2026-01-01 WARNING low\nERROR x Service Unavailable: /healthz\nERR"
        )
    assert child.news() == ["2026-01-01 WARNING low"]
    with log.open("a") as handle:
        handle.write("OR late\n")
    assert child.news() == ["ERROR late"]
    assert child.news() == []


def test_stop_all_is_gentle_then_quick_then_forceful(tmp_path: Path) -> None:
    code = (
        "import signal, time\nfor name in {}: signal.signal(name, signal.SIG_IGN)\nprint('up', flush=True)\n"
    )
    ignored = {"gentle": "[]", "slow": "[signal.SIGTERM]", "deaf": "[signal.SIGTERM, signal.SIGQUIT]"}
    made = [python(name, code.format(names) + "time.sleep(60)", tmp_path) for name, names in ignored.items()]
    for child in made:
        child.start()
    assert processes.wait_until(lambda: all(child.log.read_bytes() for child in made), 10)
    children.stop_all(made, 2)
    codes_of_exit = [child.process.returncode for child in made if child.process]
    assert codes_of_exit == [-signal.SIGTERM, -signal.SIGQUIT, -signal.SIGKILL]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_child_dies_with_its_parent_however_that_dies(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from csworkspace.embedded.children import Child\n"
        "child = Child('c', [sys.executable, '-c', 'import time; time.sleep(60)'], Path(sys.argv[1]))\n"
        "child.start(); print(child.process.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "log")], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.2)
    parent.kill()
    parent.wait()
    assert processes.wait_until(lambda: not alive(pid), 5)


def alive(pid: int) -> bool:
    return bool(processes.psutil.pid_exists(pid)) and processes.psutil.Process(pid).status() != "zombie"
