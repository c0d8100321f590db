"""Rows of tasks, a page at a time, in groups by when they are due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from csworkspace.people.models import Role
from csworkspace.web import times
from csworkspace.web.formats import number
from playbooks.myday.urgency import WEEK_DAYS
from playbooks.tasks.models import Task, TaskState

PAGE = 50
RELATED = ("account", "owner__user", "step__play__playbook", "note", "signal")
OVERDUE, TODAY, WEEK, LATER, UNDATED = "overdue", "today", "week", "later", "undated"
HEADINGS = {
    OVERDUE: "Overdue",
    TODAY: "Today",
    WEEK: "Next 7 days",
    LATER: "Later",
    UNDATED: "No date",
}
TONES = {TaskState.DONE: "done", TaskState.SKIPPED: "closed", TaskState.CANCELLED: "closed"}
NOBODY_OWNS = "Nobody owns this"


def group_of(due_on: date | None, today: date) -> str:
    """Overdue, today, within the next 7 days (as on My day), later, or without a date. Pure."""
    if due_on is None:
        return UNDATED
    if due_on <= today:
        return OVERDUE if due_on < today else TODAY
    return WEEK if due_on <= today + timedelta(days=WEEK_DAYS) else LATER


@dataclass(frozen=True)
class TaskRow:
    """A task, ready to print.

    owner_note: that nobody does it, as things are. origin: what it comes from, in words.
    """

    id: int
    version: int
    title: str
    account_id: int
    account: str
    due: str
    when: str
    group: str
    owner: str
    owner_note: str
    origin: str
    is_urgent: bool
    outcomes: list[str]
    state: str
    state_label: str
    tone: str
    outcome: str
    ended: str
    ended_by: str
    cursor: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.state == TaskState.OPEN


@dataclass
class Group:
    """Rows under a heading; count: how many the whole view has of them."""

    name: str
    heading: str
    count: str = ""
    rows: list[TaskRow] = field(default_factory=list)


def row_of(task: Task, today: date, zone: str) -> TaskRow:
    """A task with what is RELATED loaded."""
    owner, note = owner_words(task)
    state = TaskState(task.state)
    return TaskRow(
        id=task.pk,
        version=task.version,
        title=task.title,
        account_id=task.account_id,
        account=task.account.name,
        due=times.day_short(task.due_on, today) if task.due_on else "",
        when=times.relative_day(task.due_on, today) if task.due_on else "No date",
        group=group_of(task.due_on, today),
        owner=owner,
        owner_note=note,
        origin=origin_words(task),
        is_urgent=task.is_urgent,
        outcomes=list(task.outcomes),
        state=state.value,
        state_label=state.label,
        tone=TONES.get(state, "active"),
        outcome=task.outcome,
        ended=times.day(task.ended_at.astimezone(ZoneInfo(zone)).date()) if task.ended_at else "",
        ended_by=task.ended_by,
        cursor=cursor_of(task),
    )


def owner_words(task: Task) -> tuple[str, str]:
    """Whose it is, and a notice if that is nobody who could do it."""
    if task.owner is None:
        return "Nobody", NOBODY_OWNS
    member = task.owner
    is_here = member.is_active and member.user.is_active and member.role != Role.VIEWER
    return str(member), "" if is_here else f"{NOBODY_OWNS}: {member} has left"


def origin_words(task: Task) -> str:
    """What it comes from."""
    if task.step is not None:
        return f"Play: {task.step.play.playbook}"
    if task.note is not None:
        return f"{task.note.get_kind_display()}: {task.note.title}"
    return f"Signal: {task.signal.title}" if task.signal is not None else ""


def cursor_of(task: Task) -> str:
    """The place of a task in its list, as a link carries it."""
    if task.state != TaskState.OPEN:
        return f"{task.ended_at.isoformat() if task.ended_at else ''}~{task.pk}"
    return f"{task.due_on or ''}~{task.pk}"


def after_cursor(rows: QuerySet[Task], text: str, *, over: bool) -> QuerySet[Task]:
    """The rest of a list after a place; all of it if the text is none."""
    place, mark, pk_text = text.partition("~")
    if not mark or not (pk_text.isascii() and pk_text.isdecimal() and len(pk_text) < 19):
        return rows
    pk = int(pk_text)
    try:
        if over:
            at = datetime.fromisoformat(place)
            return rows.filter(Q(ended_at__lt=at) | Q(ended_at=at, pk__lt=pk)) if at.tzinfo else rows
        if not place:
            return rows.filter(due_on=None, pk__gt=pk)
        day = date.fromisoformat(place)
    except ValueError:
        return rows
    return rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk) | Q(due_on=None))


def page_of(
    rows: QuerySet[Task], today: date, zone: str, after: str, *, over: bool, size: int = PAGE
) -> tuple[list[TaskRow], bool]:
    """A page of a list and whether more follow; one query."""
    found = list(after_cursor(rows, after, over=over).select_related(*RELATED)[: size + 1])
    return [row_of(task, today, zone) for task in found[:size]], len(found) > size


def counts_of(rows: QuerySet[Task], today: date) -> dict[str, int]:
    """How many open ones there are in each group; one query."""
    week = today + timedelta(days=WEEK_DAYS)
    found: dict[str, Any] = rows.order_by().aggregate(
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        today=Count("pk", filter=Q(due_on=today)),
        week=Count("pk", filter=Q(due_on__gt=today, due_on__lte=week)),
        later=Count("pk", filter=Q(due_on__gt=week)),
        undated=Count("pk", filter=Q(due_on=None)),
    )
    return found


def in_groups(rows: Sequence[TaskRow], counts: dict[str, int]) -> list[Group]:
    """Rows that follow each other by due date, under their headings."""
    groups: dict[str, Group] = {}
    for row in rows:
        fresh = Group(row.group, HEADINGS[row.group], number(counts.get(row.group, 0)))
        groups.setdefault(row.group, fresh).rows.append(row)
    return list(groups.values())
