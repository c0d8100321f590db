"""The part of a launch that starts on a day, some accounts at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from playbooks.playbooks.audience import in_audience
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.plays.candidates import audience_of, candidates_of, trigger_of
from playbooks.plays.launching import BY_TRIGGER, LAUNCH_JOB, kept_cause, started_on
from playbooks.plays.models import Launch, LaunchState
from playbooks.plays.refusals import StartRefused
from playbooks.plays.starting import Wanted, lock_startable, start_many
from playbooks.plays.triggering import FOLLOWED, busy

SOME = 50
OVER = "what was to start it is over"
BUSY = "a play of it runs there, or ended lately"
OUTSIDE = "not in the playbook’s audience any more"
# What was asked for is started however long it takes.
LATE = 366


@job(LAUNCH_JOB, stepwise=True)
def launch(run: Run, launch: int, until: int, **_: Any) -> dict[str, Any]:
    """Start on accounts until so many have been started in all; done again, it goes on where it was."""
    with open_workspace(run.workspace_id):
        begun = Launch.objects.get(pk=launch).started
    while True:
        with run.step():
            started, more = start_some(launch, until)
        part = max(1, until - begun)
        run.progress(100 * (started - begun) / part, f"{started - begun} of {part} of this day")
        if not more:
            return {"started": started - begun}


@transaction.atomic
def start_some(launch_id: int, until: int) -> tuple[int, bool]:
    """Start on the next accounts of a launch: how many were started in all, and whether to go on today."""
    found = Launch.objects.get(pk=launch_id)
    try:
        # What was corrected since it was asked for reaches the plays that are still to start.
        playbook, version = lock_startable(found.playbook_id)
    except StartRefused:
        # A paused playbook: the launch waits for another day.
        return found.started, False
    locked = Launch.objects.select_for_update(no_key=True).get(pk=launch_id)
    room = min(SOME, until - locked.started, locked.per_day - started_on(playbook, today()))
    if locked.state != LaunchState.RUNNING or room <= 0:
        return locked.started, False
    ids = locked.account_ids[:room]
    by = Actor(label=locked.decided_by or locked.actor, origin=f"launch {locked.pk}")
    wanted = {one.account_id: one for one in _wanted(locked, version, ids)}
    refused = dict.fromkeys((pk for pk in ids if pk not in wanted), OVER)
    if _is_triggered(locked):
        refused |= _unfit(playbook, version, list(wanted))
    fit = [one for pk, one in wanted.items() if pk not in refused]
    plays, more = start_many(playbook, version, fit, by=by)
    return _count(locked, ids, len(plays), refused | more, by)


def _unfit(playbook: Playbook, version: PlaybookVersion, ids: Sequence[int]) -> dict[int, str]:
    """Why accounts would not be started on by a trigger any more."""
    outside = set(ids) - in_audience(audience_of(version), ids)
    found = dict.fromkeys(busy(playbook, ids, today()), BUSY) | dict.fromkeys(outside, OUTSIDE)
    return found | dict.fromkeys(_moved_on(version, ids), OVER)


def _moved_on(version: PlaybookVersion, ids: Sequence[int]) -> set[int]:
    """The accounts whose stage or tier is not any more what it was to start on."""
    trigger, there = trigger_of(version), Account.objects.filter(pk__in=ids)
    if trigger.kind == "stage" and trigger.stages:
        there = there.filter(stage__in=trigger.stages)
    elif trigger.kind == "tier" and trigger.tiers:
        there = there.filter(tier_id__in=trigger.tiers)
    else:
        return set()
    return set(ids) - set(there.values_list("pk", flat=True))


def _count(
    locked: Launch, ids: Sequence[int], started: int, refused: Mapping[int, str], by: Actor
) -> tuple[int, bool]:
    locked.account_ids = locked.account_ids[len(ids) :]
    locked.causes = {pk: cause for pk, cause in locked.causes.items() if int(pk) not in ids}
    locked.started += started
    locked.passed_over += len(refused)
    for pk, why in refused.items():
        locked.passed.setdefault(why, []).append(pk)
    if not locked.account_ids:
        locked.state = LaunchState.DONE
        counts = {"started": locked.started, "passed over": locked.passed_over}
        record("done", locked, by=by, after=counts)
    locked.save(update_fields=["account_ids", "causes", "started", "passed_over", "passed", "state"])
    return locked.started, locked.state == LaunchState.RUNNING


def _is_triggered(locked: Launch) -> bool:
    return locked.cause.startswith(f"{BY_TRIGGER} ")


def _wanted(locked: Launch, version: Any, ids: Sequence[int]) -> list[Wanted]:
    """The cause of each account as it is now; what was asked for by hand, or is a change, needs none."""
    if _is_triggered(locked) and trigger_of(version).kind in FOLLOWED:
        found = candidates_of(version, today(), ids, LATE)
        by_account = {one.wanted.account_id: one.wanted for one in reversed(found)}
        return [_below(locked, by_account[pk]) for pk in ids if pk in by_account]
    there = set(Account.objects.filter(pk__in=ids).values_list("pk", flat=True))
    plain = {pk: Wanted(pk, f"launch {locked.pk}", locked.cause_words) for pk in ids if pk in there}
    return [kept_cause(locked, pk) or one for pk, one in plain.items()]


def _below(locked: Launch, found: Wanted) -> Wanted:
    """The play that led to it is known from when it was put off: later nothing tells it any more."""
    kept = kept_cause(locked, found.account_id)
    is_known = kept is not None and kept.cause == found.cause and found.parent_id is None
    return replace(found, parent_id=kept.parent_id) if kept and is_known else found
