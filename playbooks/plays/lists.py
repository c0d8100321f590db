"""The list of plays: whose, of which playbook, in which state; newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from csworkspace.web import times
from playbooks.plays.faces import PLAY_STATUS, leader_word, progress_words, waits_for
from playbooks.plays.models import ACTIVE, Play, PlayState, PlayStep, StepState
from playbooks.plays.owners import led_by
from playbooks.plays.queries import get_plays

PAGE = 50
FAILED = "failed"
TABS = {
    "active": "Running",
    FAILED: "Cannot go on",
    PlayState.PAUSED.value: "Paused",
    PlayState.DONE.value: "Finished",
    PlayState.STOPPED.value: "Stopped",
}


@dataclass(frozen=True)
class PlayRow:
    """A play in a list, ready to print."""

    id: int
    account_id: int
    account: str
    playbook: str
    status: str
    state_word: str
    waits_for: str
    progress: str
    leader: str
    started: str
    success: str


def is_failed() -> Exists:
    """Whether a step of the play has failed."""
    return Exists(PlayStep.objects.filter(play=OuterRef("pk"), state=StepState.FAILED))


def plays_where(
    state: str = "", owner_id: int | None = None, playbook_id: int | None = None
) -> QuerySet[Play]:
    """The plays of a tab of the list."""
    rows = get_plays()
    if owner_id is not None:
        rows = rows.filter(led_by(owner_id))
    if playbook_id is not None:
        rows = rows.filter(playbook_id=playbook_id)
    if state == FAILED:
        return rows.filter(is_failed(), state__in=ACTIVE)
    if state == "active":
        return rows.filter(state__in=ACTIVE)
    return rows.filter(state=state) if state else rows


def tally(owner_id: int | None, playbook_id: int | None) -> dict[str, int]:
    """How many plays each tab has; two queries."""
    rows = plays_where("", owner_id, playbook_id).select_related(None)
    counts: dict[str, int] = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    failed = plays_where(FAILED, owner_id, playbook_id).select_related(None).count()
    active = sum(counts.get(state, 0) for state in ACTIVE)
    return {**counts, "active": active, FAILED: failed}


def play_rows(found: QuerySet[Play], now: datetime, before: int | None = None) -> tuple[list[PlayRow], bool]:
    """A page of plays, newest first, and whether more follow; two queries."""
    rows = found.filter(pk__lt=before) if before else found
    page = list(rows.order_by("-pk").prefetch_related("steps")[: PAGE + 1])
    return [row_of(play, now) for play in page[:PAGE]], len(page) > PAGE


def row_of(play: Any, now: datetime) -> PlayRow:
    """A play with its steps loaded."""
    steps = list(play.steps.all())
    failed = play.state in ACTIVE and any(step.state == StepState.FAILED for step in steps)
    return PlayRow(
        id=play.pk,
        account_id=play.account_id,
        account=play.account.name,
        playbook=play.playbook.name,
        status=FAILED if failed else PLAY_STATUS[PlayState(play.state)],
        state_word="Cannot go on" if failed else play.get_state_display(),
        waits_for=waits_for(play, steps) or play.end_reason,
        progress=progress_words(steps),
        leader=leader_word(play),
        started=f"{times.day(play.started_on)}",
        success={True: "Successful", False: "Not successful"}.get(play.succeeded, ""),
    )
