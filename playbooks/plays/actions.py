"""What people do with a running play; each under its lock, with the version that they saw."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from django.db import transaction

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.jobs.models import Job
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import check_version
from playbooks.playbooks.steps import StepKind, StepRun, step_kind
from playbooks.plays.advancing import TRIED_AGAIN, follow, lock_play, run_of
from playbooks.plays.clock import now
from playbooks.plays.models import ACTIVE, Play, PlayState, PlayStep, StepState
from playbooks.plays.owners import leader_of
from playbooks.plays.refusals import PlayRefused
from playbooks.plays.starting import advance_soon

log = structlog.get_logger(__name__)
SKIPPED = "skipped"
OPEN = (StepState.ACTIVE, StepState.FAILED, StepState.PENDING)


def open_play(play: Play, version: int | None, *states: str) -> Play:
    """The play under its lock. Raises Conflict, and PlayRefused unless it is in one of the states."""
    locked = lock_play(play.pk)
    if locked is None:
        raise PlayRefused("This play does not exist any more.")
    check_version(locked, version)
    if locked.state not in (states or ACTIVE):
        raise PlayRefused(f"This play is {PlayState(locked.state).label.lower()}: that cannot be done now.")
    return locked


def _keep(play: Play, verb: str, *fields: str, by: Actor, **after: object) -> Play:
    play.version += 1
    play.save(update_fields=[*fields, "version"])
    record(verb, play, by=by, after=after)
    announce("plays.changed", by=by, account_ids=[play.account_id])
    return play


@transaction.atomic
def pause_play(play: Play, *, by: Actor, version: int | None = None, reason: str = "") -> Play:
    """Let nothing begin and no wait end until somebody resumes it; what people finish still counts."""
    play = open_play(play, version, PlayState.RUNNING)
    play.state, play.paused_at = PlayState.PAUSED, now()
    for kind, run in _waiting(play, by):
        if kind.paused:
            kind.paused(run)
    return _keep(play, "paused", "state", "paused_at", by=by, **({"reason": reason} if reason else {}))


@transaction.atomic
def resume_play(play: Play, *, by: Actor, version: int | None = None) -> Play:
    """Go on where it was; a wait whose moment has passed ends at once."""
    play = open_play(play, version, PlayState.PAUSED)
    play.state, play.paused_at = PlayState.RUNNING, None
    for kind, run in _waiting(play, by):
        if kind.resumed:
            kind.resumed(run)
    _keep(play, "resumed", "state", "paused_at", by=by)
    advance_soon([play.pk], by=by)
    return play


@transaction.atomic
def stop_play(play: Play, *, by: Actor, reason: str, version: int | None = None) -> Play:
    """End it for good, with the reason; what its steps have begun is called off."""
    play = open_play(play, version)
    # Also what an ended step has left behind: a reopened task, advice that nobody has answered.
    for step in play.steps.all():
        call_off(play, step)
    PlayStep.objects.filter(play=play, state__in=OPEN).update(state=StepState.CANCELLED, wake_at=None)
    play.state, play.end_reason = PlayState.STOPPED, reason.strip()[:300]
    play.ended_at, play.ended_on, play.paused_at = now(), today(), None
    fields = ("state", "end_reason", "ended_at", "ended_on", "paused_at")
    return _keep(play, "stopped", *fields, by=by, reason=play.end_reason)


@transaction.atomic
def reassign_play(play: Play, *, by: Actor, owner_id: int | None, version: int | None = None) -> Play:
    """Hand it to a colleague, with what its step waits for; None: to whoever owns the account."""
    play = open_play(play, version)
    before = leader_of(play)
    owner: Membership | None = team().filter(pk=owner_id).first() if owner_id else None
    if owner_id and owner is None:
        raise PlayRefused("That colleague does not work here any more. Choose another one.")
    play.owner = owner
    _keep(play, "reassigned", "owner", by=by, owner=owner or "the account’s owner")
    if leader_of(play) != before:
        for kind, run in _waiting(play, by):
            if kind.handed:
                kind.handed(run, before)
    return play


@transaction.atomic
def skip_step(
    play: Play, step_id: int, *, by: Actor, reason: str = "", version: int | None = None
) -> PlayStep:
    """Leave a step out, whether it waits, has failed or is still to come; the play goes on behind it."""
    play = open_play(play, version)
    step, steps = _step(play, step_id, OPEN, "skipped")
    # Ahead of its turn it leads nowhere yet: `follow` comes back to it when the way gets there.
    is_reached = not any(one.state in OPEN for one in steps if one.position < step.position)
    if step.state == StepState.ACTIVE:
        call_off(play, step)
    step.state, step.outcome, step.note = StepState.SKIPPED, SKIPPED, reason.strip()[:500]
    step.error, step.wake_at, step.ended_at = "", None, now()
    step.result = {**step.result, "by": by.label[:160], "review": None}
    step.save()
    if is_reached:
        follow(play, step, steps)
    _keep(play, "step skipped", by=by, step=step.title, reason=step.note)
    advance_soon([play.pk], by=by)
    return step


@transaction.atomic
def retry_step(play: Play, step_id: int, *, by: Actor, version: int | None = None) -> PlayStep:
    """Begin a failed step again, with all its attempts."""
    play = open_play(play, version)
    step, _ = _step(play, step_id, (StepState.FAILED,), "tried again")
    step.state, step.error, step.attempts = StepState.PENDING, "", 0
    step.began_at, step.wake_at = None, None
    newest = Job.objects.order_by("-pk").values_list("pk", flat=True).first()
    step.result = {**step.result, TRIED_AGAIN: newest or 0}
    step.save()
    _keep(play, "step tried again", by=by, step=step.title)
    advance_soon([play.pk], by=by)
    return step


def _waiting(play: Play, by: Actor) -> list[tuple[StepKind, StepRun]]:
    """The active step, if there is one, with its kind: what a person does concerns it."""
    active = play.steps.filter(state=StepState.ACTIVE)
    found = [(step_kind(step.kind), replace(run_of(play, step), by=by)) for step in active]
    return [(kind, run) for kind, run in found if kind]


def _step(play: Play, step_id: int, states: Sequence[str], verb: str) -> tuple[PlayStep, list[PlayStep]]:
    steps = list(play.steps.all())
    step = next((one for one in steps if one.pk == step_id), None)
    if step is None:
        raise PlayRefused("This step does not belong to the play.")
    if step.state not in states:
        raise PlayRefused(
            f"“{step.title}” is {StepState(step.state).label.lower()}: it cannot be {verb} any more."
        )
    return step, steps


def call_off(play: Play, step: PlayStep) -> None:
    """Take back what a step began and nobody has finished; a fault must not keep a person from stopping"""
    kind = step_kind(step.kind)
    if kind is None or kind.cancel is None or step.began_at is None:
        return
    try:
        with transaction.atomic():
            kind.cancel(run_of(play, step))
    except Exception as error:
        log.error("step could not be called off", play=play.pk, step=step.pk, exc_info=error)
