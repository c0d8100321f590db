"""Launches as pages print them: what would happen, how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from csworkspace.web import times
from csworkspace.web.formats import number, plural
from playbooks.playbooks.models import PlaybookVersion
from playbooks.plays.flow import planned_steps
from playbooks.plays.launching import names_of
from playbooks.plays.models import Launch, LaunchState

STATUS = {
    LaunchState.ASKING: "waiting",
    LaunchState.RUNNING: "running",
    LaunchState.DONE: "done",
    LaunchState.REFUSED: "closed",
    LaunchState.STOPPED: "closed",
}
SHOWN, PAGE = 50, 50


@dataclass(frozen=True)
class LaunchRow:
    """A launch in the list."""

    id: int
    playbook: str
    why: str
    status: str
    state_word: str
    progress: str
    asked: str


def launch_rows(zone: str, before: int | None = None) -> tuple[list[LaunchRow], bool]:
    """A page of launches, those that ask first, else newest first; one query."""
    rows = Launch.objects.select_related("playbook").order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    shown = sorted(found[:PAGE], key=lambda one: one.state != LaunchState.ASKING)
    return [_row(launch, zone) for launch in shown], len(found) > PAGE


def _row(launch: Launch, zone: str) -> LaunchRow:
    return LaunchRow(
        id=launch.pk,
        playbook=launch.playbook.name,
        why=launch.cause_words,
        status=STATUS[LaunchState(launch.state)],
        state_word=launch.get_state_display(),
        progress=progress_of(launch),
        asked=f"{times.moment(launch.created_at, zone)}, by {launch.actor}",
    )


def progress_of(launch: Launch) -> str:
    """ "120 of 5,000 started, 3 passed over"."""
    passed = f", {number(launch.passed_over)} passed over" if launch.passed_over else ""
    return f"{number(launch.started)} of {number(launch.asked)} started{passed}"


def effort_of(version: PlaybookVersion, accounts: int) -> list[dict[str, str]]:
    """What a launch asks of customers and colleagues, as key figures.

    Branches are counted as if every step came: it is the most that can happen.
    """
    steps = planned_steps(version.steps)
    mails = sum(step.kind == "email" for step in steps)
    tasks = [step for step in steps if step.kind == "task"]
    hours = sum((_hours(step.params) for step in tasks), Decimal(0))
    figures = [
        ("Accounts", number(accounts), ""),
        ("E-mails to customers", number(mails * accounts), _each(mails)),
        ("Tasks for colleagues", number(len(tasks) * accounts), _each(len(tasks))),
    ]
    if hours:
        figures.append(
            ("Hours of work", number(hours * accounts), f"at most, {number(hours)} for each account")
        )
    return [{"label": label, "value": value, "note": note} for label, value, note in figures]


def _each(count: int) -> str:
    return f"at most, {count} for each account" if count else ""


def _hours(params: Any) -> Decimal:
    """The hours that a task says it takes, if it says so."""
    try:
        value = Decimal(str(params.get("hours") or 0))
    except ArithmeticError:
        return Decimal(0)
    return value if value.is_finite() and value > 0 else Decimal(0)


@dataclass(frozen=True)
class Passed:
    """Accounts that were not started on, and why."""

    why: str
    accounts: list[tuple[int, str]]
    beyond: str


def passed_over(launch: Launch, names: Mapping[int, str]) -> list[Passed]:
    """The accounts that were passed over, the most frequent reason first."""
    groups = sorted(launch.passed.items(), key=lambda group: -len(group[1]))
    return [
        Passed(
            f"{plural(len(ids), 'account')}: {why}",
            [(pk, names[pk]) for pk in ids[:SHOWN] if pk in names],
            number(len(ids) - SHOWN) if len(ids) > SHOWN else "",
        )
        for why, ids in groups
    ]


def launch_context(launch: Launch, zone: str) -> dict[str, Any]:
    """What the page of a launch shows."""
    over = launch.started + launch.passed_over
    left = len(launch.account_ids)
    days = -(-left // max(1, launch.per_day))
    ahead = "the first ones" if not over else "the next ones"
    first = launch.account_ids[:SHOWN]
    names = names_of({*first, *(pk for ids in launch.passed.values() for pk in ids[:SHOWN])})
    return {
        "launch": launch,
        "status": STATUS[LaunchState(launch.state)],
        "figures": effort_of(launch.playbook_version, launch.asked),
        "accounts": [(pk, names[pk]) for pk in first if pk in names],
        "passed": passed_over(launch, names),
        "beyond": number(left - SHOWN) if left > SHOWN else "",
        "percent": round(100 * over / launch.asked) if launch.asked else 100,
        "progress": progress_of(launch),
        "rest": f"{plural(left, 'account')} left: {plural(days, 'more day')} at {launch.per_day} a day, "
        f"{ahead} with the next day’s turn (each morning, if the playbook is active then)",
        "asked_at": times.moment(launch.created_at, zone),
        "decided_at": times.moment(launch.decided_at, zone) if launch.decided_at else "",
        "is_asking": launch.state == LaunchState.ASKING,
        "is_running": launch.state == LaunchState.RUNNING,
    }
