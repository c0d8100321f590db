"""Reminding owners of what is due, each task once for each of its due dates."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from csworkspace.calendar.queries import work_week
from csworkspace.calendar.workdays import last_workday_before
from csworkspace.notifications.actions import News, tell
from csworkspace.web.times import day_short
from playbooks.tasks.models import Task, TaskState

# What was missed for longer is not told any more: it stands in the inbox.
LONGEST = timedelta(days=30)


@transaction.atomic
def remind(today: date, last: date | None = None) -> int:
    """Tell owners what is due today, and what fell due since the last working day; how much was new.

    last: the day of the last reminders, if they were left out for longer. Not on days on which nobody works:
    what fell due on them is told on the next working day.
    """
    week = work_week()
    if not week.is_workday(today):
        return 0
    since = min(last_workday_before(today, week), max(last or today, today - LONGEST))
    found = Task.objects.filter(state=TaskState.OPEN, due_on__gte=since, due_on__lte=today)
    tasks = found.exclude(owner=None).select_related("account").order_by("due_on", "pk")
    return tell(list(_news(tasks.iterator(chunk_size=2000), today)))


def _news(tasks: Iterable[Task], today: date) -> Iterable[News]:
    for task in tasks:
        is_due = task.due_on == today
        yield News(
            member_id=task.owner_id or 0,
            kind="task_due" if is_due else "task_overdue",
            title=f"{'Due today' if is_due else 'Overdue'}: {task.title}",
            key=f"task {task.pk} {'due' if is_due else 'overdue'} {task.due_on}",
            text=task.account.name
            if is_due
            else f"{task.account.name}, was due {day_short(task.due_on, today)}",
            page="task",
            page_args=[task.pk],
        )
