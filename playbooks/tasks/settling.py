"""What every change of tasks ends with: who else has to know."""

from collections.abc import Sequence

from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.notifications.actions import News, tell
from csworkspace.web.times import day
from playbooks.tasks.models import Task

DONE, SKIPPED = "done", "skipped"


def tell_changed(tasks: Sequence[Task], *, by: Actor) -> None:
    """The accounts of these tasks have other tasks now."""
    if tasks:
        announce("tasks.changed", by=by, account_ids=sorted({task.account_id for task in tasks}))


def tell_ended(tasks: Sequence[Task], *, by: Actor) -> None:
    """These are done or skipped: plays that wait for them go on."""
    tell_changed(tasks, by=by)
    for task in tasks:
        if task.step_id is not None:
            announce(
                "plays.step_ended",
                by=by,
                step_id=task.step_id,
                outcome=outcome_of(task),
                note=task.result_note[:500],
                error="",
            )


def outcome_of(task: Task) -> str:
    """What branches of a play look at."""
    return SKIPPED if task.state == "skipped" else task.outcome or DONE


def tell_owners(tasks: Sequence[Task], *, by: Actor) -> None:
    """Somebody else gave these to their owners."""
    tell(
        [
            News(
                member_id=task.owner_id,
                kind="task_assigned",
                title=f"{by.label} gave you “{task.title}”",
                key=f"task {task.pk} assigned {task.version}",
                text=f"{task.account.name}{f', due {day(task.due_on)}' if task.due_on else ''}",
                page="task",
                page_args=[task.pk],
            )
            for task in tasks
            if task.owner_id is not None and task.owner_id != by.membership_id
        ]
    )
