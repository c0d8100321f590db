"""Real processes against one server: two loads at once, and one that is killed."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.accounts.models import Account, AccountDomain
from accounts.imports.models import Batch
from accounts.metrics.models import Measurement, Metric
from accounts.usage.models import Event, EventKey, TouchedDays
from accounts.usage.store import make_months
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.database import open_workspace
from tests.accounts.usage.kit import event
from tests.services import STATE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PROJECT = Path(__file__).parents[3]
ROWS = 60_000


@pytest.fixture
def workspace() -> int:
    with transaction.atomic():
        made = create_workspace("Races", "races")
        account = Account.objects.create(name="Acme")
        AccountDomain.objects.create(account=account, domain="acme.example")
        Metric.objects.create(key="users", name="Users", aggregation="users", window_days=7)
    return made.pk


def start(*files: Path, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "ingest", "races", *map(str, files), "--json"]
    environment = {**os.environ, "CSW_STATE_DIR": str(STATE)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=PROJECT, env=environment, text=True, **pipes, **options)


def figures(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def write(path: Path, numbers: range) -> Path:
    days = (f"2026-0{1 + n % 6}-{1 + n % 28:02}T10:00:00Z" for n in numbers)
    lines = (
        json.dumps(event(n, occurred_at=day, user_email=f"u{n % 50}@acme.example"))
        for n, day in zip(numbers, days, strict=True)
    )
    path.write_text("\n".join(lines))
    return path


def test_two_loads_of_the_same_events_at_once(workspace: int, tmp_path: Path) -> None:
    one = write(tmp_path / "one.ndjson", range(ROWS))
    two = write(tmp_path / "two.ndjson", range(ROWS - 1, ROWS // 2, -1))
    both = [figures(process) for process in (start(one), start(two), start(one, two))]
    assert sum(found["accepted"] for found in both) == ROWS
    assert sum(found["read"] for found in both) == 2 * (ROWS + ROWS // 2 - 1)
    assert all(found["rejected"] == found["unresolved"] == 0 for found in both)
    with open_workspace(workspace):
        assert Event.objects.count() == EventKey.objects.count() == ROWS
        assert not TouchedDays.objects.exists()
        check_values()


def test_a_load_that_is_killed_and_repeated_loses_and_doubles_nothing(workspace: int, tmp_path: Path) -> None:
    file = write(tmp_path / "one.ndjson", range(ROWS))
    victim = start(file)
    wait_for_rows(workspace)
    victim.kill()
    victim.communicate()
    with open_workspace(workspace):
        cut = Batch.objects.get()
        loaded = Event.objects.count()
        assert (cut.accepted, cut.finished_at) == (loaded, None)
        assert 0 < loaded < ROWS
    again = figures(start(file))
    assert (again["accepted"], again["duplicates"]) == (ROWS - loaded, loaded)
    with open_workspace(workspace):
        assert Event.objects.count() == EventKey.objects.count() == ROWS
        check_values()


def wait_for_rows(workspace: int) -> None:
    for _ in range(600):
        with open_workspace(workspace):
            if EventKey.objects.exists():
                return
        time.sleep(0.02)
    raise AssertionError("the load never began")


def check_values() -> None:
    """Every day's value is what the events say."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*), count(*) filter (where value = (
                   select count(distinct user_key) from accounts_event e where e.account_id = m.account_id
                   and occurred_at >= m.day - 6 and occurred_at < m.day + 1))
               from accounts_measurement m where superseded_at is null"""
        )
        total, right = cursor.fetchone()
    assert total == right > 0
    assert Measurement.objects.filter(superseded_at=None, day__gt="2026-07-15").count() == 0


def test_two_calls_that_need_the_same_new_month(workspace: int) -> None:
    begin, months = threading.Barrier(2), {f"20{year:02}-{month:02}" for year in (1, 2) for month in (3, 7)}
    failures: list[Exception] = []

    def make() -> None:
        try:
            with open_workspace(workspace):
                begin.wait()
                make_months(months)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
