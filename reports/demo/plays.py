"""A handful of plays at work, in different states, started and steered by the product's own actions."""

from datetime import datetime, timedelta
from typing import Any

from accounts.accounts.models import Account
from csworkspace.audit.actor import Actor
from playbooks.playbooks.models import Playbook, PlaybookState
from playbooks.plays.actions import pause_play, skip_step
from playbooks.plays.advancing import advance_once, end_step
from playbooks.plays.models import ACTIVE, Play, PlayState, StepState
from playbooks.plays.refusals import PlayRefused
from playbooks.plays.starting import start_play
from playbooks.plays.success import success_of
from playbooks.tasks.actions import complete_task
from playbooks.tasks.models import Task, TaskState

# The ready-made playbook, the account (by its place in the list by name), why, and what becomes of it.
STORIES = (
    ("onboarding", 0, "They signed in spring", "finished"),
    ("adoption-drop", 1, "Two depots have stopped dispatching with it", "waiting"),
    ("executive-silence", 2, "Their sponsor has not answered since the last review", "waiting"),
    ("renewal", 3, "The renewal comes near", "paused"),
    ("qbr", 4, "The review of the quarter is next month", "waiting"),
    ("incident-follow-up", 5, "They were dispatching while the service was slow", "one step on"),
    ("safe-switch", 6, "Their main contact has changed jobs", "waiting"),
)
# Triggers may have started others before.
CAUSE = "demo: "
MOST_STEPS = 60
LONG_AGO, EACH = timedelta(days=150), timedelta(days=4)
NOTES = (
    "Talked it through with their lead planner; the dates are in the plan.",
    "Two of the five were on holiday, so we met again on the Thursday.",
    "They did it themselves while we watched. One question about rights is answered.",
    "Shorter than planned: they had prepared everything.",
    "Their sponsor joined for the last ten minutes and liked the first figures.",
)


def run_plays(by: Actor) -> None:
    """Start plays of the playbooks that are there and active, once."""
    if Play.objects.filter(cause__startswith=CAUSE).exists():
        return
    accounts = list(Account.objects.exclude(stage="churned").order_by("name", "pk"))
    for key, place, why, becomes in STORIES:
        playbook = found(key)
        if playbook is not None and place < len(accounts):
            tell(playbook, accounts[place], why, becomes, by)


def found(key: str) -> Playbook | None:
    """The active playbook that was made from this one of the library; its key may say more than the word."""
    rows = Playbook.objects.filter(state=PlaybookState.ACTIVE, current__isnull=False).order_by("pk")
    keys = (key, key.replace("-", "_"))
    return next((one for one in rows if any(word in one.library_key for word in keys)), None)


def tell(playbook: Playbook, account: Account, why: str, becomes: str, by: Actor) -> None:
    """One play's story; what cannot be told on this account is left out."""
    try:
        play = start_play(playbook, account, by=by, cause=f"{CAUSE}{becomes}", cause_words=why)
    except PlayRefused:
        return
    move_on(play)
    if becomes == "finished" and finish(play):
        date_back(play, play.started_at - LONG_AGO, succeeded=True)
    elif becomes == "one step on":
        end_waiting(play, "They were glad that we called first.")
        move_on(play)
    elif becomes == "paused":
        pause_play(play, by=by)


def move_on(play: Play) -> None:
    """Until it waits or ends."""
    for _ in range(MOST_STEPS):
        if not advance_once(play.pk):
            return


def end_waiting(play: Play, note: str) -> bool:
    """End the step that waits, its task by whoever does it; whether one waited."""
    step = play.steps.filter(state=StepState.ACTIVE).first()
    if step is None:
        return False
    task = Task.objects.filter(step=step, state=TaskState.OPEN).first()
    if task is None:
        end_step(step.pk, outcome="sent" if step.kind == "email" else "done")
        return True
    outcome = task.outcomes[0] if task.outcomes else ""
    complete_task(task, by=who_leads(play), outcome=outcome, note=note)
    end_step(step.pk, outcome=outcome or "done", note=note)
    return True


def who_leads(play: Play) -> Actor:
    """The colleague who does the play's tasks."""
    return Actor(label=str(play.account.owner or "Ingrid Solberg"), origin="demo")


def finish(play: Play) -> bool:
    """To its end; whether it came there."""
    for _ in range(MOST_STEPS):
        play.refresh_from_db()
        if play.state not in ACTIVE:
            break
        waiting = play.steps.filter(state__in=(StepState.FAILED, StepState.ACTIVE)).first()
        if waiting is not None and (waiting.state == StepState.FAILED or waiting.kind == "email"):
            skip_step(play, waiting.pk, by=who_leads(play), reason="Told them by telephone")
        elif not end_waiting(play, NOTES[waiting.position % len(NOTES)] if waiting else ""):
            move_on(play)
    return play.state == PlayState.DONE


def date_back(play: Play, started: datetime, *, succeeded: bool, judged_at: datetime | None = None) -> None:
    """It ran some months ago, a step after the other; its log keeps the day on which it was written.

    succeeded: whether it met its measure, if its playbook says what that is, told at its end or `judged_at`.
    """
    success = success_of(play.playbook_version)
    steps = list(play.steps.exclude(ended_at=None))
    ended = started + EACH * len(steps)
    words = success.words if success else ""
    values: dict[str, Any] = {
        "started_at": started,
        "started_on": started.date(),
        "ended_at": ended,
        "ended_on": ended.date(),
    }
    if success:
        values |= {"succeeded": succeeded, "judged_at": judged_at or ended, "success_words": words[:300]}
    Play.objects.filter(pk=play.pk).update(**values)
    for number, step in enumerate(steps):
        step.began_at = started + EACH * number
        step.ended_at = step.began_at + EACH
        # What a wait was to be for speaks of today.
        step.note = "" if step.kind == "wait" else step.note
        step.save(update_fields=["began_at", "ended_at", "note"])
        due = (step.began_at + EACH).date()
        Task.objects.filter(step=step).update(created_at=step.began_at, ended_at=step.ended_at, due_on=due)
