"""What the pages of tasks show: the inbox, one task, an account's."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from accounts.accounts.frame import account_frame
from accounts.segments.models import Segment
from accounts.tiers.models import Tier
from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.people.queries import team
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.formats import number, plural
from csworkspace.web.markdown import to_html
from csworkspace.web.once import take_once
from csworkspace.web.urls import workspace_url
from playbooks.playbooks.models import Playbook
from playbooks.plays.models import PlayState
from playbooks.tasks.bulk import MOST
from playbooks.tasks.filters import MINE, NOBODY, OPEN, ORIGINS, OVER, TEAM, TaskFilter, choices_of, chosen
from playbooks.tasks.filters import read_filter as read
from playbooks.tasks.forms import ManyForm, TaskFilterForm
from playbooks.tasks.links import origins_of
from playbooks.tasks.lists import HEADINGS, OVERDUE, counts_of, in_groups, owner_words, page_of, row_of
from playbooks.tasks.models import Task, TaskState

RESULT = "tasks bulk result"
SHOWN = 30
EMPTY = {
    MINE: (
        "Nothing to do",
        "No task of yours is open. What plays, meetings and colleagues give you, comes here.",
    ),
    TEAM: ("Nothing to do", "No task of the team is open."),
    NOBODY: ("Everything has an owner", "Tasks of those who have left come here, until somebody takes them."),
}


def inbox_context(request: Any, *, form: ManyForm | None = None) -> dict[str, Any]:
    """Everything in the inbox; seven queries, whatever its size."""
    me, today = request.membership, today_of(request.workspace)
    view = read(request.GET, me)
    rows, over = chosen(view, me), view.state == OVER
    after = request.GET.get("after", "")
    counts = {} if over else counts_of(rows, today)
    shown, more = page_of(rows, today, request.workspace.timezone, after, over=over)
    total = sum(counts.values())
    may_work = may(me.role, Needs.WORK)
    return {
        "view": view,
        "over": over,
        "filter_form": _filter_form(view),
        "tabs": _tabs(view),
        "rows": shown,
        "groups": in_groups(shown, counts),
        "figures": [] if over else _figures(counts),
        "total": number(total),
        "all_words": all_words(total) if total > len(shown) else "",
        "first_url": view.url() if after else "",
        "next_url": f"{view.url()}&{urlencode({'after': shown[-1].cursor})}" if more else "",
        "csv_url": workspace_url(request, "tasks_csv") + view.url(),
        "back": view.url(),
        "here": request.get_full_path(),
        "bulk": may_work and not over and bool(shown),
        "may_work": may_work,
        "many": form or ManyForm(),
        "result": take_once(request, RESULT),
        "empty": _empty(view),
    }


def all_words(total: int) -> str:
    """The label of the box that takes more than the page."""
    if total > MOST:
        return f"The first {number(MOST)} of all {number(total)} that match"
    return f"All {number(total)} that match, on every page"


def _empty(view: TaskFilter) -> tuple[str, str]:
    if view.state == OVER:
        return "Nothing is done yet", "What is completed or skipped is listed here, and can be reopened."
    if view.is_narrowed:
        return "No task matches", "Choose fewer filters, or look at the whole team’s."
    return EMPTY.get(view.whose, ("Nothing to do", "No task of this person is open."))


def _tabs(view: TaskFilter) -> list[dict[str, Any]]:
    names = {OPEN: "To do", OVER: "Done"}
    return [
        {"label": label, "url": view.url(state=state), "current": state == view.state}
        for state, label in names.items()
    ]


def _figures(counts: dict[str, int]) -> list[dict[str, str]]:
    return [
        {"label": label, "value": number(counts[name]), "url": f"#{name}" if counts[name] else ""}
        for name, label in HEADINGS.items()
    ]


def _filter_form(view: TaskFilter) -> TaskFilterForm:
    people = {str(member.pk): str(member) for member in team()}
    whose = [(MINE, "Mine"), (TEAM, "Whole team"), (NOBODY, "Without owner"), *people.items()]
    if view.whose not in dict(whose):
        whose.append((view.whose, "Somebody who has left"))
    playbooks = dict(Playbook.objects.order_by("name").values_list("pk", "name"))
    tiers = {**dict(Tier.objects.order_by("position", "pk").values_list("pk", "name")), 0: "No tier"}
    choices = {
        "whose": whose,
        "origin": choices_of(ORIGINS, "Anywhere"),
        "playbook": choices_of(playbooks, "All playbooks"),
        "tier": choices_of(tiers, "All tiers"),
        "segment": choices_of(
            dict(Segment.objects.order_by("name").values_list("pk", "name")), "All segments"
        ),
    }
    return TaskFilterForm(choices=choices, initial=vars(view), auto_id="filter_%s")


def task_context(request: Any, account: Any, task: Task) -> dict[str, Any]:
    """One task: what to do, how, since when, and what happened to it."""
    today, zone = today_of(request.workspace), request.workspace.timezone
    return {
        **account_frame(request, account, "account_plays"),
        "task": task,
        "row": row_of(task, today, zone),
        "how_to": to_html(task.how_to) if task.how_to else "",
        "result": to_html(task.result_note) if task.result_note else "",
        "facts": [*origins_of(request, task), *_facts(task, zone)],
        "is_paused": bool(task.step and task.step.play.state == PlayState.PAUSED),
        "overdue": task.state == TaskState.OPEN and row_of(task, today, zone).group == OVERDUE,
        "history": history_of([("task", [task.pk])], zone).entries,
        "may_work": may(request.membership.role, Needs.WORK),
    }


def _facts(task: Task, zone: str) -> list[dict[str, str]]:
    owner, note = owner_words(task)
    facts = {
        "Owner": note or owner,
        "Due": times.day(task.due_on),
        "Made": f"{times.moment(task.created_at, zone)} by {task.actor}",
    }
    if task.ended_at:
        facts[TaskState(task.state).label] = f"{times.moment(task.ended_at, zone)} by {task.ended_by}"
    return [{"label": label, "value": value, "url": ""} for label, value in facts.items()]


def account_tasks_context(request: Any, account_id: int) -> dict[str, Any]:
    """An account's tasks: the open ones in order, and the last that ended; two queries."""
    today, zone = today_of(request.workspace), request.workspace.timezone
    me = request.membership
    rows, more = page_of(
        chosen(TaskFilter(TEAM, account=account_id), me), today, zone, "", over=False, size=SHOWN
    )
    done, _ = page_of(
        chosen(TaskFilter(TEAM, OVER, account=account_id), me), today, zone, "", over=True, size=8
    )
    inbox = workspace_url(request, "tasks")
    return {
        "rows": rows,
        "done": done,
        "more": more,
        "inbox_url": f"{inbox}?account={account_id}",
        "done_url": f"{inbox}?account={account_id}&state={OVER}",
        "new_url": workspace_url(request, "task_new", account_id),
        "here": request.get_full_path(),
        "may_work": may(me.role, Needs.WORK),
    }


def result_words(verb: str, done: int, passed: Sequence[Any], following: str = "") -> dict[str, Any]:
    """What became of the ticked ones, for the page that follows."""
    rest = (
        f" {plural(len(passed), 'other')} {'was' if len(passed) == 1 else 'were'} passed over:"
        if passed
        else ""
    )
    return {
        "text": " ".join(filter(None, [f"{plural(done, 'task')} {verb}.", following, rest.strip()])),
        "passed": [{"id": one.pk, "title": one.title, "reason": one.reason} for one in passed[:SHOWN]],
        "more": max(0, len(passed) - SHOWN),
    }
