"""Moving plays on, in the background: what is due, what ended, what happened to accounts."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.db.models import Q

from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import LeaseLost, Run
from csworkspace.notifications.actions import News, tell
from csworkspace.people.models import Membership
from csworkspace.tenancy.database import open_workspace
from playbooks.plays.advancing import advance_once, end_step
from playbooks.plays.models import ACTIVE
from playbooks.plays.owners import leader_of, manager_ids
from playbooks.plays.queries import get_plays, watching
from playbooks.plays.starting import ADVANCE_JOB

log = structlog.get_logger(__name__)
# Far more than a playbook has steps; a kind that never ends must not hold the worker for ever.
MOST_STEPS = 100
YOURS = "You own the account, so you lead it now, or hand it to a colleague."
HAND_OVER = "Nobody leads it: hand it to a colleague."


@job(ADVANCE_JOB, stepwise=True, background=True)
def advance(run: Run, play_ids: list[int], look: bool = False, **_: Any) -> dict[str, Any]:
    """Move plays on until they wait or end. One that breaks keeps none of the others from it."""
    broken = [pk for number, pk in enumerate(play_ids) if not _tried(run, pk, look, number, len(play_ids))]
    if broken:
        raise RuntimeError(f"{len(broken)} of {len(play_ids)} plays could not be moved on: {broken[:5]}")
    return {"plays": len(play_ids)}


def _tried(run: Run, play_id: int, look: bool, number: int, of: int) -> bool:
    run.progress(100 * number / of, f"{number} of {of} plays")
    try:
        go_on(run, play_id, look=look)
    except LeaseLost:
        raise
    except Exception as error:
        log.error("play could not be moved on", play=play_id, exc_info=error)
        return False
    return True


def go_on(run: Run, play_id: int, *, look: bool = False) -> None:
    """Step by step, each in a transaction of its own."""
    for _ in range(MOST_STEPS):
        with run.step():
            more = advance_once(play_id, look=look)
        if not more:
            return
        look = False


@job("plays.step_ended", stepwise=True, background=True)
def step_ended(
    run: Run, step_id: int, outcome: str = "done", note: str = "", error: str = "", **_: Any
) -> dict[str, Any]:
    """What a step waited for is there: end it, unless it ended before, and move its play on."""
    with run.step():
        play_id = end_step(step_id, outcome, note, error, told_by=run.job.pk)
    if play_id is not None:
        go_on(run, play_id)
    return {"play": play_id}


@job("plays.watch", stepwise=True, background=True)
def watch(run: Run, account_ids: list[int] | None = None, **_: Any) -> dict[str, Any]:
    """Something happened to accounts: look at the waits for a condition there."""
    looked = look_at(run, account_ids)
    return {"plays": looked}


@job("plays.leader_left", background=True)
def leader_left(run: Run, membership_id: int, **_: Any) -> dict[str, Any]:
    """Somebody left: tell those who lead their plays from now on."""
    theirs = Q(owner_id=membership_id) | Q(owner=None, account__owner_id=membership_id)
    plays = list(get_plays().filter(theirs, state__in=ACTIVE).order_by("pk"))
    gone = Membership.objects.select_related("user").get(pk=membership_id)
    if gone.is_active:
        return {"plays": 0}
    managers = manager_ids()
    news = [
        News(
            member_id=member_id,
            kind="play_handed",
            title=f"{play.playbook.name} on {play.account.name} has lost its leader",
            # Once for each time that they leave.
            key=f"play {play.pk} left, job {run.job.pk}",
            text=f"{gone} does not work here any more. {HAND_OVER if leader is None else YOURS}",
            page="play",
            page_args=[play.pk],
        )
        for play in plays
        for leader in [leader_of(play)]
        for member_id in ([leader.pk] if leader else managers)
    ]
    tell(news)
    return {"plays": len(plays)}


def look_at(run: Run, account_ids: Iterable[int] | None) -> int:
    """Let the waits for a condition on these accounts (None: all) look again."""
    with open_workspace(run.workspace_id):
        found = watching(account_ids)
    for pk in found:
        go_on(run, pk, look=True)
    return len(found)
