"""Plays and their steps as pages print them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from csworkspace.web import times
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url
from playbooks.playbooks.models import PlaybookVersion
from playbooks.playbooks.once import reading_once
from playbooks.playbooks.steps import step_kind
from playbooks.playbooks.words import without_title
from playbooks.plays.advancing import plan_of
from playbooks.plays.flow import END, Planned, next_of, planned_steps, with_titles
from playbooks.plays.models import Play, PlayState, PlayStep, StepState
from playbooks.plays.owners import leader_of
from playbooks.plays.success import end_of, success_of

PLAY_STATUS = {
    PlayState.RUNNING: "running",
    PlayState.PAUSED: "waiting",
    PlayState.DONE: "done",
    PlayState.STOPPED: "closed",
}
STEP_STATUS = {
    StepState.PENDING: "draft",
    StepState.ACTIVE: "waiting",
    StepState.DONE: "done",
    StepState.SKIPPED: "closed",
    StepState.FAILED: "failed",
    StepState.CANCELLED: "closed",
}
# What a step's result names → the page of it, and how the link is called.
MADE = {
    "task": ("task", "Open the task"),
    "recommendation": ("recommendation", "Open the recommendation"),
    "review": ("step_review", "Look at the e-mails"),
    "change_set": ("change_set", "What was changed"),
}


@dataclass(frozen=True)
class StepFace:
    """A step of a play, ready to print; `dates` in words, `ways` of a branch."""

    id: int
    title: str
    line: str
    state: str
    status: str
    state_word: str
    dates: str
    note: str
    error: str
    outcome: str
    ways: list[str]
    link: dict[str, str] | None
    may_skip: bool
    may_retry: bool


def step_faces(request: Any, play: Play, steps: Sequence[PlayStep], now: datetime) -> list[StepFace]:
    """The steps in order; what may be done with each, while the play is open."""
    plan = {one.key: one for one in plan_of(play)}
    titles = {step.key: step.title or step.key for step in steps}
    with reading_once():
        return [_face(request, play, step, plan.get(step.key), titles, now) for step in steps]


def _face(
    request: Any, play: Play, step: PlayStep, plan: Planned | None, titles: dict[str, str], now: datetime
) -> StepFace:
    kind, params = step_kind(step.kind), dict(plan.params) if plan else {}
    is_open = play.state in (PlayState.RUNNING, PlayState.PAUSED)
    words = kind.words(params) if kind else ""
    is_retrying = step.state == StepState.ACTIVE and step.began_at is None
    return StepFace(
        id=step.pk,
        title=step.title or with_titles(words, titles) or step.kind,
        line=with_titles(line_of(step.kind, words, step.title or words), titles),
        state=step.state,
        status="failed" if is_retrying else STEP_STATUS[StepState(step.state)],
        state_word=state_word(step, is_retrying),
        dates=dates_of(step, now, request.workspace.timezone, is_retrying),
        note=step.note,
        error=step.error,
        outcome=outcome_word(step, params),
        ways=ways_of(plan, titles),
        link=_link(request, step),
        may_skip=is_open and step.state in (StepState.PENDING, StepState.ACTIVE, StepState.FAILED),
        may_retry=is_open and step.state == StepState.FAILED,
    )


def line_of(name: str, words: str, title: str) -> str:
    """The kind and what it does on one line, nothing of it twice: "Change the account: Set the stage …"."""
    kind = step_kind(name)
    if kind is None:
        return name
    if not words or words == title:
        return kind.label
    words = without_title(words, title)
    return words if words.casefold().startswith(kind.label.casefold()) else f"{kind.label}: {words}"


def state_word(step: PlayStep, is_retrying: bool = False) -> str:
    """The state in words; a cancelled step of a finished play was simply not needed."""
    if is_retrying:
        return "Tried again soon"
    return "Left out" if step.state == StepState.CANCELLED else str(StepState(step.state).label)


def dates_of(step: PlayStep, now: datetime, zone: str, is_retrying: bool) -> str:
    """ "Since 3 days", "14 Mar 2026, 09:05", "Next attempt in 4 minutes"."""
    if is_retrying and step.wake_at:
        return f"Attempt {step.attempts + 1} {times.relative_local(step.wake_at, now, zone)}"
    if step.state == StepState.ACTIVE and step.began_at:
        return f"Since {times.moment(step.began_at, zone)}"
    if step.ended_at:
        return times.moment(step.ended_at, zone)
    return ""


def outcome_word(step: PlayStep, params: dict[str, Any]) -> str:
    """What it ended with, unless that is only that it is done."""
    kind = step_kind(step.kind)
    if not step.outcome or step.outcome in ("done", "skipped"):
        return ""
    known = dict(kind.outcomes(params)) if kind else {}
    return str(known.get(step.outcome, step.outcome))


def ways_of(plan: Planned | None, titles: dict[str, str]) -> list[str]:
    """Where a branch leads, or a step that does not lead to the next one."""

    def place(target: Any) -> str:
        if target == END:
            return "the end"
        return f"“{titles[str(target)]}”" if target in titles else "the next step"

    if plan is None:
        return []
    if plan.kind == "branch":
        return [f"Yes: {place(plan.params.get('yes'))}", f"No: {place(plan.params.get('no'))}"]
    return [f"Then {place(plan.then)}"] if plan.then else []


def _link(request: Any, step: PlayStep) -> dict[str, str] | None:
    for name, (page, label) in MADE.items():
        pk = step.result.get(name)
        url = workspace_url(request, page, pk) if isinstance(pk, int) else ""
        if url:
            return {"label": label, "url": url}
    return None


def progress_words(steps: Sequence[PlayStep]) -> str:
    """ "2 of 5 steps", or "2 done, 1 skipped, 2 to come": nobody is to take what was left out for work."""
    count = Counter(str(step.state) for step in steps)
    done, skipped, out = count[StepState.DONE], count[StepState.SKIPPED], count[StepState.CANCELLED]
    if not skipped and not out:
        return f"{done} of {plural(len(steps), 'step')}"
    parts = [
        (done, "done"),
        (skipped, "skipped"),
        (out, "left out"),
        (len(steps) - done - skipped - out, "to come"),
    ]
    return ", ".join(f"{number} {word}" for number, word in parts if number or word == "done")


def waits_for(play: Play, steps: Sequence[PlayStep]) -> str:
    """What the play waits for, on one line; "" when it is over."""
    if play.state == PlayState.PAUSED:
        return "Somebody to resume it"
    if play.state != PlayState.RUNNING:
        return ""
    for step in steps:
        if step.state == StepState.FAILED:
            return f"Failed: {step.title}"
        if step.state == StepState.ACTIVE:
            return f"{step.title}: {step.note}" if step.note and step.title else step.title or step.note
    return "Its next step begins"


def leader_word(play: Play) -> str:
    """Who leads it."""
    leader = leader_of(play)
    return str(leader) if leader else "Nobody"


def success_word(play: Play, today: date) -> tuple[str, str, str]:
    """(status, word, sentence) of the success measure so far; empty without one."""
    success = success_of(play.playbook_version)
    if success is None:
        return "", "", ""
    if play.succeeded is True:
        return "on_track", "Successful", play.success_words
    if play.succeeded is False:
        return "off_track", "Not successful", play.success_words
    if play.judged_at is not None:
        return "no_data", "Cannot be told", play.success_words
    end = end_of(play, success)
    said = success.words.rstrip(" .") or "Its success measure"
    return "no_data", "Not known yet", f"{said}: looked at daily until {times.day(end)}."


@dataclass(frozen=True)
class Foreseen:
    """A step before the play has begun: what will happen, and when at the earliest."""

    number: int
    title: str
    line: str
    when: str
    ways: list[str]
    problems: list[str]
    details: list[str]


def foresee(
    version: PlaybookVersion,
    account: Any,
    today: date,
    add_workdays: Callable[[date, int], date],
    signal: Any = None,
) -> list[Foreseen]:
    """What a play of the version would do on an account, step by step, if everything is done at once.

    A step begins with the shortest way to it, for of a branch's ways only one is gone.
    add_workdays(day, number): the working day so many working days later.
    """
    plan = planned_steps(version.steps)
    titles = {one.key: one.title or one.key for one in plan}
    found: list[Foreseen] = []
    begins = {plan[0].key: today} if plan else {}
    for number, one in enumerate(plan, 1):
        # Nothing leads to a step that every way passes over.
        day = begins.get(one.key, today)
        kind, params = step_kind(one.kind), dict(one.params)
        words = kind.words(params) if kind else one.kind
        end = after(one, day, account, add_workdays)
        found.append(
            Foreseen(
                number,
                one.title or with_titles(words, titles),
                with_titles(line_of(one.kind, words, one.title), titles),
                when_of(day, end, today),
                ways_of(one, titles),
                list(kind.check(params)) if kind else [f"Steps of the kind “{one.kind}” are not known here."],
                [*(kind.foresee(account, signal, params) if kind else ()), *_needs_signal(params, signal)],
            )
        )
        for key in next_of(plan, one):
            begins[key] = min(begins.get(key, end), end)
    return found


def _needs_signal(params: Mapping[str, Any], signal: Any) -> list[str]:
    """A word on what cannot come without a signal."""
    condition = params.get("condition")
    if signal is not None or not isinstance(condition, dict) or condition.get("kind") != "signal":
        return []
    return ["There is no signal that could be resolved: start it from a signal, or this is never so."]


def when_of(day: date, end: date, today: date) -> str:
    """ "14 Mar 2026", "17 Mar 2026 at the earliest", "14 Mar 2026 to 17 Mar 2026"."""
    text = times.day(day) if day == end else f"{times.day(day)} to {times.day(end)}"
    return text if day == today else f"{text} at the earliest"


def after(step: Planned, day: date, account: Any, add_workdays: Callable[[date, int], date]) -> date:
    """The earliest day on which the step behind it begins."""
    if step.kind == "task":
        return add_workdays(day, int(step.params.get("due_days") or 0))
    if step.kind != "wait":
        return day
    until, days = step.params.get("until", "days"), int(step.params.get("days") or 0)
    if until == "workdays":
        return add_workdays(day, days)
    if until == "renewal":
        return max(day, account.renewal_on + timedelta(days=days)) if account.renewal_on else day
    return day + timedelta(days=days) if until == "days" else day
