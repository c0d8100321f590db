"""The page of one play: its way, what it waits for, what may be done, how it went."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.plays.clock import now
from playbooks.plays.faces import PLAY_STATUS, leader_word, progress_words, step_faces, success_word
from playbooks.plays.forms import AssignForm, StopForm
from playbooks.plays.models import ACTIVE, Play, PlayState, PlayStep, StepState
from playbooks.plays.owners import gap_of

A_MOMENT = timedelta(minutes=1)


def play_context(request: Any, play: Play, **refused: Any) -> dict[str, Any]:
    """Everything that the page shows; `refused`: forms that were not accepted, by name."""
    account = get_account(play.account_id)
    steps = list(play.steps.all())
    is_open = play.state in ACTIVE
    may_work = may(request.membership.role, Needs.WORK)
    forms = {
        "stop": StopForm(play=play, auto_id="stop_%s"),
        "assign": AssignForm(play=play, auto_id="assign_%s"),
        **refused,
    }
    return {
        **account_frame(request, account, "account_plays"),
        "play": play,
        "status": PLAY_STATUS[PlayState(play.state)],
        "steps": step_faces(request, play, steps, now()),
        "facts": facts_of(request, play, progress_words(steps)),
        "gap": gap_of(play) if is_open else "",
        "failed": any(step.state == StepState.FAILED for step in steps) and is_open,
        "success": success_word(play, today_of(request.workspace)),
        "is_open": is_open,
        "is_beginning": is_beginning(play, steps),
        "may_work": may_work and is_open,
        "forms": forms if may_work and is_open else {},
        "history": history_of([("play", [play.pk])], request.workspace.timezone).entries,
    }


def is_beginning(play: Play, steps: Sequence[PlayStep]) -> bool:
    """Whether its first step is about to begin, so that the page looks again by itself."""
    is_untouched = all(step.state == StepState.PENDING for step in steps)
    return is_untouched and play.state == PlayState.RUNNING and play.started_at > now() - A_MOMENT


def facts_of(request: Any, play: Play, progress: str) -> list[dict[str, str]]:
    """The facts beside the way."""
    zone = request.workspace.timezone
    playbook = f"{play.playbook.name}, version {play.playbook_version.number}"
    facts = [
        ("Led by", leader_word(play), ""),
        ("Progress", progress, ""),
        ("Playbook", playbook, workspace_url(request, "playbook", play.playbook_id)),
        ("Started", f"{times.moment(play.started_at, zone)}, by {play.actor}", ""),
        (
            "Because",
            play.cause_words,
            workspace_url(request, "signal", play.signal_id) if play.signal_id else "",
        ),
    ]
    if play.parent:
        facts.append(("Follows the play", str(play.parent), workspace_url(request, "play", play.parent_id)))
    if play.paused_at:
        facts.append(("Paused", times.moment(play.paused_at, zone), ""))
    if play.ended_at:
        facts.append(("Ended", times.moment(play.ended_at, zone), ""))
    return [{"label": label, "value": value, "url": url} for label, value, url in facts]
