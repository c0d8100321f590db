"""Plays that move on by one step, with the real worker, against the bare statements.

1,000 waits are over. The clock's look starts the jobs; the worker ends each wait and begins the next one,
each in a transaction under the play's lock, with an audit entry for both. The bare side writes the same
rows, one transaction for a play, from one connection that waits for the disk as ours does.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.ratios import Ratio, seconds_of
from tests.bench.worlds import make_workspace

PLAYS, ROUNDS, PATIENCE = 1000, 3, 300
# A launch starts so many together, too.
PART = 50
STEPS = 2 * (2 * ROUNDS + 1)
DUE = "update playbooks_playstep set wake_at = now() - interval '1 minute' where state = 'active'"
LOCK = "select id, state from playbooks_play where id = %s for no key update"
STEP = "select id, state, title from playbooks_playstep where play_id = %s order by position"
END = """
update playbooks_playstep set state = 'done', outcome = 'done', ended_at = now(), wake_at = null where id = %s
"""
BEGIN = """
update playbooks_playstep set state = 'active', began_at = now(), wake_at = now() + interval '1 day',
    note = 'Until tomorrow', result = '{"day": "2030-01-01"}' where id = %s
"""
AUDIT = """
insert into csworkspace_auditentry
    (at, actor, origin, verb, object_type, object_id, object_label, before, after)
values (now(), 'Playbook Bench', 'play', %s, 'play', %s, 'Bench', '{}', '{"step": "Wait"}')
"""


def run() -> list[Ratio]:
    """Both sides take turns on the same plays; medians."""
    workspace, accounts = make_workspace("plays", PLAYS)
    plays = begin(workspace, accounts)
    ours, bare = [], []
    with worker():
        for _ in range(ROUNDS):
            ours.append(by_worker(workspace))
            bare.append(by_hand(workspace, plays))
    fast, plain = statistics.median(ours), statistics.median(bare)
    title = f"{PLAYS:,} plays, {PLAYS / fast:,.0f} a second with the worker"
    return [Ratio(title, fast, plain, "s", 10)]


def begin(workspace: int, accounts: list[int]) -> list[int]:
    """A playbook of waits, started on every account; the first wait runs."""
    from django.utils import timezone

    from csworkspace.audit.actor import SHELL
    from csworkspace.tenancy.database import open_workspace
    from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
    from playbooks.plays.advancing import advance_once
    from playbooks.plays.starting import Wanted, lock_startable, start_many

    wait = {"until": "days", "days": 1}
    steps = [{"key": f"s{n}", "kind": "wait", "title": f"Wait {n}", "params": wait} for n in range(STEPS)]
    with open_workspace(workspace):
        playbook = Playbook.objects.create(
            name="Bench", state=PlaybookState.ACTIVE, current=1, actor="Bench", daily_limit=PLAYS
        )
        PlaybookVersion.objects.create(
            playbook=playbook, number=1, steps=steps, published_at=timezone.now(), actor="Bench"
        )
    begun: list[int] = []
    for start in range(0, len(accounts), PART):
        with open_workspace(workspace):
            locked, version = lock_startable(playbook.pk)
            wanted = [Wanted(pk, "bench", "Bench") for pk in accounts[start : start + PART]]
            plays, _ = start_many(locked, version, wanted, by=SHELL)
            for play in plays:
                advance_once(play.pk)
        begun += [play.pk for play in plays]
    analyse()
    return begun


def analyse() -> None:
    """As autovacuum does between two looks."""
    from django.db import connection

    from csworkspace.tenancy.owner import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("vacuum analyze playbooks_play, playbooks_playstep, csworkspace_auditentry")


@contextmanager
def worker() -> Iterator[None]:
    """The product's worker, without its clock."""
    command = [sys.executable, "-m", "celery", "-A", "csworkspace", "worker", "-c", "2"]
    process = subprocess.Popen(
        [*command, "-l", "error", "--without-mingle", "--without-gossip"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def by_worker(workspace: int) -> float:
    """Seconds from the clock's look until the last of the plays has moved on."""
    from playbooks.plays.tasks import wake_plays

    settle(workspace)
    make_due(workspace)
    start = time.perf_counter()
    wake_plays()
    settle(workspace)
    return time.perf_counter() - start


def make_due(workspace: int) -> None:
    """The waits are over."""
    from django.db import connection

    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace), connection.cursor() as cursor:
        cursor.execute(DUE)
    analyse()


def settle(workspace: int) -> None:
    """Until no job waits or runs."""
    from csworkspace.jobs.models import Job
    from csworkspace.tenancy.database import open_workspace

    end = time.monotonic() + PATIENCE
    while True:
        with open_workspace(workspace):
            if not Job.objects.filter(status__in=["queued", "running"]).exists():
                return
        if time.monotonic() > end:
            raise RuntimeError("the worker did not come to an end")
        time.sleep(0.02)


def by_hand(workspace: int, plays: list[int]) -> float:
    """Seconds of the bare statements, one transaction for each play."""
    make_due(workspace)
    return seconds_of(lambda: [_move(workspace, play) for play in plays])


def _move(workspace: int, play: int) -> None:
    from django.db import connection

    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace), connection.cursor() as cursor:
        cursor.execute(LOCK, [play])
        cursor.fetchall()
        cursor.execute(STEP, [play])
        rows: list[Any] = cursor.fetchall()
        place = next(number for number, row in enumerate(rows) if row[1] == "active")
        cursor.execute(END, [rows[place][0]])
        cursor.execute(AUDIT, ["step done", play])
        cursor.execute(BEGIN, [rows[place + 1][0]])
        cursor.execute(AUDIT, ["step waits", play])
