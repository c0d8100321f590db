"""Moving a play on: one step at a time, each in one transaction under the play's lock.

What a step writes and its new state are kept together or not at all. So whoever does it again, after a
worker's death or a second message, finds it done and goes on behind it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import structlog
from django.db import transaction

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.notifications.actions import notify
from csworkspace.tenancy.clock import today
from playbooks.playbooks.steps import Ended, Failed, Progress, StepKind, StepRun, Waits, step_kind
from playbooks.plays.clock import now
from playbooks.plays.flow import Planned, passed_over, planned_steps, target_of
from playbooks.plays.models import Play, PlayState, PlayStep, StepState
from playbooks.plays.owners import whom_to_tell

log = structlog.get_logger(__name__)
# A step whose code breaks is tried again after so many seconds each; then a person decides.
BACK_OFF = (60, 300, 1800)
# In a step's result: the newest job when it was tried again.
TRIED_AGAIN = "tried_again_after"
LEFT_OUT = "Not on this play’s way"
LOCKED = ("account__owner__user", "owner__user", "playbook", "playbook_version", "signal")


def lock_play(play_id: int) -> Play | None:
    """The play under its lock, with what its steps ask for. Nobody who only points at it has to wait."""
    found = Play.objects.select_for_update(no_key=True, of=("self",)).select_related(*LOCKED)
    return found.filter(pk=play_id).first()


def actor_of(play: Play) -> Actor:
    """Who acts when a play's step does: the history of what it changes names the play."""
    return Actor(label=f"Playbook {play.playbook.name}"[:160], origin=f"play {play.pk}")


@transaction.atomic
def advance_once(play_id: int, *, look: bool = False) -> bool:
    """Do what is due of a play: begin its next step, or look at the one that waits; whether to go on.

    look: look at a waiting step before its moment, because something happened.
    """
    play = lock_play(play_id)
    if play is None or play.state != PlayState.RUNNING:
        return False
    steps = list(play.steps.all())
    if any(step.state == StepState.FAILED for step in steps):
        return False
    active = next((step for step in steps if step.state == StepState.ACTIVE), None)
    if active is not None:
        return _attend(play, active, steps, look)
    following = next((step for step in steps if step.state == StepState.PENDING), None)
    if following is None:
        finish_play(play)
        return False
    return _do(play, following, steps, lambda kind: kind.begin)


def _attend(play: Play, step: PlayStep, steps: Sequence[PlayStep], look: bool) -> bool:
    """A step that waits: begin it again after a fault, look at it, or end it, if its moment has come."""
    is_due = step.wake_at is not None and step.wake_at <= now()
    if step.began_at is None:
        return is_due and _do(play, step, steps, lambda kind: kind.begin)
    kind = step_kind(step.kind)
    if kind and kind.look and (is_due or look):
        return _do(play, step, steps, lambda found: found.look or found.begin)
    return is_due and settle(play, step, steps, Ended())


def _do(
    play: Play,
    step: PlayStep,
    steps: Sequence[PlayStep],
    choose: Callable[[StepKind], Callable[[StepRun], Progress]],
) -> bool:
    kind = step_kind(step.kind)
    if kind is None:
        words = f"Steps of the kind “{step.kind}” are not known here. Skip it, or ask your administrator."
        return settle(play, step, steps, Failed(words))
    try:
        with transaction.atomic():
            progress = choose(kind)(run_of(play, step))
    except Exception as error:
        log.error("step of a play failed", play=play.pk, step=step.pk, exc_info=error)
        return _stumble(play, step, steps, error)
    return settle(play, step, steps, progress)


def run_of(play: Play, step: PlayStep) -> StepRun:
    """What a step's kind is given."""
    plan = next((one for one in plan_of(play) if one.key == step.key), None)
    return StepRun(play, step, dict(plan.params) if plan else {}, actor_of(play), today())


def plan_of(play: Play) -> list[Planned]:
    """The steps as the play's version has them."""
    return planned_steps(play.playbook_version.steps)


def _stumble(play: Play, step: PlayStep, steps: Sequence[PlayStep], error: Exception) -> bool:
    """Nothing of the attempt was kept; the next one comes later, and after the last one a person decides."""
    step.attempts += 1
    words = f"{type(error).__name__}: {error}".replace("\x00", "")[:400]
    if step.attempts > len(BACK_OFF):
        return settle(play, step, steps, Failed(f"It failed {step.attempts} times, last with {words}"))
    step.state, step.error = StepState.ACTIVE, words
    step.wake_at = now() + timedelta(seconds=BACK_OFF[step.attempts - 1])
    step.save(update_fields=["state", "error", "attempts", "wake_at"])
    return False


def settle(play: Play, step: PlayStep, steps: Sequence[PlayStep], progress: Progress) -> bool:
    """Keep what became of a step of a locked play; whether the play can go on."""
    before = (step.state, step.note)
    step.began_at = step.began_at or now()
    if isinstance(progress, Failed):
        return _fail(play, step, progress)
    step.error, step.note = "", progress.note[:500] or step.note
    step.result = {**step.result, **progress.result}
    if isinstance(progress, Waits):
        # Faults of a long wait do not add up.
        step.state, step.wake_at, step.attempts = StepState.ACTIVE, progress.until, 0
        if (step.state, step.note) != before:
            said = {"for": step.note} if step.note else {}
            record("step waits", play, by=actor_of(play), after={"step": step.title, **said})
        step.save()
        return False
    step.state, step.outcome = StepState.DONE, progress.outcome[:60]
    step.ended_at, step.wake_at = now(), None
    step.save()
    after = {"step": step.title, "outcome": step.outcome, "note": step.note}
    record("step done", play, by=actor_of(play), after=after)
    follow(play, step, steps)
    return True


def _fail(play: Play, step: PlayStep, failed: Failed) -> bool:
    step.state, step.error, step.wake_at = StepState.FAILED, failed.error.replace("\x00", "")[:500], None
    step.save()
    record("step failed", play, by=actor_of(play), after={"step": step.title, "error": step.error})
    notify(
        whom_to_tell(play),
        "play_failed",
        f"{play.playbook.name} on {play.account.name} cannot go on: {step.title}",
        key=f"step {step.pk} failed {now():%Y%m%d%H%M%S}",
        text=step.error,
        page="play",
        page_args=[play.pk],
    )
    return False


def follow(play: Play, step: PlayStep, steps: Sequence[PlayStep]) -> None:
    """Leave out the steps that the way passes over, so that the first to come is the next."""
    plan = plan_of(play)
    at = next((one for one in plan if one.key == step.key), None)
    if at is None:
        return
    out = passed_over([one.key for one in plan], at.key, target_of(at, step.outcome))
    left = [one for one in steps if one.key in out and one.state == StepState.PENDING]
    PlayStep.objects.filter(pk__in=[one.pk for one in left]).update(state=StepState.CANCELLED, note=LEFT_OUT)
    for one in left:
        one.state = StepState.CANCELLED
    reached = next((one for one in steps if one.position > step.position and one.key not in out), None)
    # It was skipped before its turn: the way goes on from it only now.
    if reached is not None and reached.state == StepState.SKIPPED:
        follow(play, reached, steps)


def finish_play(play: Play) -> None:
    """The last step is over."""
    play.state, play.ended_at, play.ended_on = PlayState.DONE, now(), today()
    play.version += 1
    play.save(update_fields=["state", "ended_at", "ended_on", "version"])
    close_tasks(play, play.steps.all())
    record("finished", play, by=actor_of(play))
    announce("plays.changed", by=actor_of(play), account_ids=[play.account_id])


def close_tasks(play: Play, steps: Iterable[PlayStep]) -> None:
    """A play that is over leaves no open tasks behind, whichever step made them (one may be reopened)."""
    kind = step_kind("task")
    for step in steps:
        if kind and kind.cancel and step.kind == "task" and step.result.get("task"):
            kind.cancel(run_of(play, step))


@transaction.atomic
def end_step(
    step_id: int, outcome: str = "done", note: str = "", error: str = "", told_by: int | None = None
) -> int | None:
    """What an active step waited for is there; the play to move on, None if there is none.

    A step that does not wait any more stays as it is: the same message may come twice, or too late. told_by:
    the job that brings it; a fault that was told before the step was tried again is not the new attempt's.
    """
    play_id = PlayStep.objects.filter(pk=step_id).values_list("play_id", flat=True).first()
    play = lock_play(play_id) if play_id else None
    if play is None:
        return None
    steps = list(play.steps.all())
    step = next(one for one in steps if one.pk == step_id)
    if error and told_by is not None and told_by <= step.result.get(TRIED_AGAIN, 0):
        return None
    is_open = play.state in (PlayState.RUNNING, PlayState.PAUSED) and step.began_at is not None
    # What had failed may have been put right elsewhere: a mail or a webhook was sent again there.
    if is_open and (step.state == StepState.ACTIVE or (step.state == StepState.FAILED and not error)):
        settle(play, step, steps, Failed(error) if error else Ended(outcome or "done", note))
    return play.pk
