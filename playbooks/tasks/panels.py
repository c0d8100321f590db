"""Tasks on the pages of an account, in everybody's day, on the timeline and in the palette."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Q

from accounts.book.text import fold, fold_sql
from csworkspace.palette.ranking import all_words_sql, closeness_sql, closeness_values
from csworkspace.palette.slots import LIMIT, Hit
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.times import day_short
from csworkspace.web.urls import workspace_url
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import WEEK_DAYS, Item, Kind, Step
from playbooks.myday.words import late_words
from playbooks.tasks.links import account_tab
from playbooks.tasks.lists import RELATED, row_of
from playbooks.tasks.models import Task, TaskState
from playbooks.tasks.pages import account_tasks_context
from playbooks.timeline.reading import newest
from playbooks.timeline.sources import Happening

IN_MARGIN = 3
DAY_COLUMNS = ("pk", "account_id", "title", "due_on", "is_urgent", "outcomes", "version", "owner__user__name")
FIND = """
select found.id, found.title, row.name, found.due_on
from (
    select id, account_id, title, due_on, {title} as folded from playbooks_task where state = 'open' offset 0
) found
join accounts_bookrow row on row.account_id = found.account_id
where {words}
order by {closeness}, found.due_on nulls last, found.id
limit %s
"""

# Each task twice: when it was made, and, once it has, when it ended (only then it has a state here).
TOLD = """
select created_at as at, 'task ' || id || ' made' as key, id, title, due_on, actor,
    '' as state, '' as outcome, '' as note
from playbooks_task where account_id = %s and step_id is null
union all
select ended_at, 'task ' || id || ' ended', id, title, due_on, ended_by,
    state, outcome, left(result_note, 300)
from playbooks_task where account_id = %s and ended_at is not null
"""


class Row(NamedTuple):
    """A task that was made or has ended."""

    at: datetime
    key: str
    pk: int
    title: str
    due_on: date | None
    by: str
    state: str
    outcome: str
    note: str


def plays_panel(request: Any, account: Any) -> dict[str, Any]:
    """The tasks among an account's plays; two queries."""
    return account_tasks_context(request, account.pk)


def margin_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The next open tasks in the margin of an account's overview; one query."""
    today, zone = today_of(request.workspace), request.workspace.timezone
    open_ones = Task.objects.filter(account_id=account.pk, state=TaskState.OPEN)
    ordered = open_ones.order_by(F("due_on").asc(nulls_last=True), "pk")
    rows = [row_of(task, today, zone) for task in ordered.select_related(*RELATED)[: IN_MARGIN + 1]]
    may_work = may(request.membership.role, Needs.WORK)
    if not rows and not may_work:
        return None
    return {
        "rows": rows[:IN_MARGIN],
        "more": len(rows) > IN_MARGIN,
        "url": account_tab(request, account.pk),
        "new_url": workspace_url(request, "task_new", account.pk) if may_work else "",
    }


def day_items(view: Viewpoint) -> list[Item]:
    """Open tasks that are due within the week or urgent; one query. Without a date only the urgent ones."""
    soon = Q(due_on__lte=view.today + timedelta(days=WEEK_DAYS)) | Q(due_on=None, is_urgent=True)
    found = Task.objects.filter(soon, state=TaskState.OPEN)
    if view.owner_id is not None:
        found = found.filter(owner_id=view.owner_id)
    rows = found.order_by("due_on", "id").values_list(*DAY_COLUMNS, named=True)[:CAP]
    return [_item(view, row) for row in rows]


def _item(view: Viewpoint, row: Any) -> Item:
    whose = f" ({row.owner__user__name or 'nobody’s'})" if view.owner_id is None else ""
    return Item(
        key=f"task-{row.pk}",
        kind=Kind.DUTY,
        account_id=row.account_id,
        reason=f"{'Urgent: ' if row.is_urgent else ''}{row.title}{whose}",
        step=_step(view, row),
        when=late_words(row.due_on, view.today) if row.due_on else "",
        due_on=row.due_on,
    )


def _step(view: Viewpoint, row: Any) -> Step:
    if not view.may_work or row.outcomes:
        return view.link("Open the task", "task", row.pk)
    url = workspace_url(view.request, "task_completions", row.pk)
    return Step("Mark as done", url, posts=True, fields={"version": str(row.version)})


def find_tasks(request: Any, text: str) -> list[Hit]:
    """The closest open tasks, with their account and when they are due; one query."""
    folded = fold(text)
    words, values = all_words_sql("(found.folded || ' ' || row.name_sort)", folded)
    sql = FIND.format(title=fold_sql("title"), words=words, closeness=closeness_sql("found.folded"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *closeness_values(folded), LIMIT])
        rows = cursor.fetchall()
    return [
        Hit(title, workspace_url(request, "task", pk), f"{account}{f', due {day_short(due)}' if due else ''}")
        for pk, title, account, due in rows
    ]


def happenings(
    request: Any, account_id: int, before: tuple[datetime, str] | None, limit: int
) -> list[Happening]:
    """When tasks were made, and when and how they ended, newest first; one query.

    That a play made a task is no news of its own: the play's start is told, and the task's end.
    """
    rows = newest(Row, TOLD, [account_id, account_id], before, limit)
    return [_ended(request, row) if row.state else _made(request, row) for row in rows]


def _made(request: Any, row: Row) -> Happening:
    url = workspace_url(request, "task", row.pk)
    due = f"Due {day_short(row.due_on)}" if row.due_on else ""
    return Happening(row.at, row.key, f"Task: {row.title}", due, row.by, url)


def _ended(request: Any, row: Row) -> Happening:
    url, state = workspace_url(request, "task", row.pk), TaskState(row.state)
    words = ": ".join(part for part in (row.outcome, row.note) if part)
    tone = "good" if state == TaskState.DONE else ""
    return Happening(row.at, row.key, f"Task {state.label.lower()}: {row.title}", words, row.by, url, tone)
