"""What a new day, and news of accounts, ask of triggers, launches and success measures."""

from typing import Any

from accounts.accounts.models import Account
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from playbooks.playbooks.models import PlaybookVersion
from playbooks.plays.jobs import look_at
from playbooks.plays.launching import start_day
from playbooks.plays.models import Launch, LaunchState
from playbooks.plays.queries import left_lying, unnoticed
from playbooks.plays.starting import advance_soon
from playbooks.plays.success import judge, measured_versions, unjudged
from playbooks.plays.triggering import FOLLOWED, follow_up, see, triggered_by

SEEN, JUDGED = 500, 200


@job("plays.accounts", stepwise=True, background=True)
def accounts_changed(run: Run, account_ids: list[int], **_: Any) -> dict[str, Any]:
    """Accounts changed: their stage and tier may start plays, and waits may be over."""
    started = see_all(run, account_ids)
    return {"started": started, "looked": look_at(run, account_ids)}


@job("plays.signals", stepwise=True, background=True)
def signals_changed(run: Run, account_ids: list[int], **_: Any) -> dict[str, Any]:
    """Signals were raised or changed: they may start plays, and waits may be over."""
    started = follow_all(run, ("signal",), account_ids)
    return {"started": started, "looked": look_at(run, account_ids)}


@job("plays.segments", stepwise=True, background=True)
def segments_changed(
    run: Run, segment_id: int, entered: list[int], left: list[int], **_: Any
) -> dict[str, Any]:
    """Accounts entered or left a segment."""
    moved = [*entered, *left]
    started = follow_all(run, ("segment",), moved, segment_id)
    return {"started": started, "looked": look_at(run, moved)}


@job("plays.playbook", stepwise=True, background=True)
def playbook_changed(run: Run, playbook_id: int, **_: Any) -> dict[str, Any]:
    """A playbook was published or resumed: what already waits for it need not wait for tomorrow."""
    return {"started": follow_all(run, FOLLOWED, None, playbook_id=playbook_id)}


@job("plays.daily", stepwise=True, background=True)
def daily(run: Run) -> dict[str, Any]:
    """A new day: what was missed, what is due by date, the day's part of launches, who succeeded."""
    with open_workspace(run.workspace_id):
        ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    started = see_all(run, ids) + follow_all(run, FOLLOWED, None)
    launches = start_launches(run)
    with run.step():
        advance_soon(left_lying(), by=run.by, key="left lying")
        advance_soon(unnoticed(), by=run.by, key="unnoticed", look=True)
    return {"started": started, "launches": launches, "judged": judge_all(run)}


def see_all(run: Run, account_ids: list[int]) -> int:
    """Changes of stage and tier, some accounts at a time, each part with what it starts."""
    started = 0
    for start in range(0, len(account_ids), SEEN):
        with run.step():
            started += see(account_ids[start : start + SEEN])
    return started


def follow_all(
    run: Run,
    kinds: tuple[str, ...],
    account_ids: list[int] | None,
    segment_id: int | None = None,
    playbook_id: int | None = None,
) -> int:
    """What the rows ask for, playbook by playbook."""
    with open_workspace(run.workspace_id):
        versions = triggered_by(*kinds)
    if segment_id is not None:
        versions = [one for one in versions if one.trigger.get("segment") == segment_id]
    if playbook_id is not None:
        versions = [one for one in versions if one.playbook_id == playbook_id]
    started = 0
    for version in versions:
        with run.step():
            started += follow_up(version, account_ids).started
    return started


def start_launches(run: Run) -> int:
    """The day's part of every launch that is under way."""
    with open_workspace(run.workspace_id):
        running = list(Launch.objects.filter(state=LaunchState.RUNNING).order_by("pk"))
    for launch in running:
        with run.step():
            start_day(launch, today(), by=run.by)
    return len(running)


def judge_all(run: Run) -> int:
    """Whether plays did what they were for, version by version."""
    with open_workspace(run.workspace_id):
        wanted = [(version, unjudged(version)) for version in measured_versions()]
    return sum(_judge_in_parts(run, version, ids) for version, ids in wanted)


def _judge_in_parts(run: Run, version: PlaybookVersion, ids: list[int]) -> int:
    known = 0
    for start in range(0, len(ids), JUDGED):
        with run.step():
            known += judge(version, ids[start : start + JUDGED])
    return known
