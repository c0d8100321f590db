"""Making tasks, ending them, and giving them to somebody."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.web.texts import clean_line, clean_text
from csworkspace.web.versions import Conflict, check_version
from playbooks.tasks.models import Task, TaskState
from playbooks.tasks.owners import are_here, present_owner
from playbooks.tasks.settling import tell_changed, tell_ended, tell_owners

NOT_NEEDED = "The play does not need it any more"
EDITED = ("title", "how_to", "done_when", "is_urgent", "outcomes", "due_on", "owner")
LONGEST_OUTCOME, MOST_OUTCOMES = 60, 8


class TaskRefused(ValueError):
    """Something that cannot be done as asked; the text says why. `field`: of the form."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def create_task(
    account: Account,
    title: str,
    *,
    by: Actor,
    owner_id: int | None,
    due_on: date | None,
    outcomes: Sequence[str] = (),
    **fields: Any,
) -> Task:
    """A new task; `fields`: how_to, done_when, is_urgent, and what it comes from (step, note, signal).

    An owner who has left is replaced by an active manager, or nobody. Who gets it from somebody else is told.
    """
    made = Task.objects.create(
        account=account,
        title=clean_line(title)[:200],
        owner_id=owner_id if owner_id is None else present_owner(owner_id),
        due_on=due_on,
        outcomes=clean_outcomes(outcomes),
        how_to=clean_text(fields.pop("how_to", "")),
        done_when=clean_line(fields.pop("done_when", ""))[:300],
        actor=by.label[:160],
        **fields,
    )
    record("made", made, by=by, after={"due": due_on, "owner": made.owner})
    tell_owners([made], by=by)
    tell_changed([made], by=by)
    return made


def clean_outcomes(outcomes: Sequence[str]) -> list[str]:
    """The ways it can end, each once, in order."""
    found = dict.fromkeys(clean_line(text)[:LONGEST_OUTCOME] for text in outcomes)
    return [text for text in found if text][:MOST_OUTCOMES]


def lock(task: Task, seen: int | None) -> Task:
    """The task as it is now, locked. Raises Conflict if it is not as the person saw it."""
    found = Task.objects.select_related("account", "owner__user").select_for_update(of=("self",))
    locked: Task = found.get(pk=task.pk)
    check_version(locked, seen)
    return locked


def lock_open(task: Task, seen: int | None) -> Task:
    """The same for one that is still to do."""
    locked = lock(task, seen)
    if locked.state != TaskState.OPEN:
        state = TaskState(locked.state).label.lower()
        who = f" by {locked.ended_by}" if locked.ended_by else ""
        raise Conflict(f"This task is {state} already{who}. Reopen it to change that.")
    return locked


def end(task: Task, state: TaskState, *, by: Actor, outcome: str = "", note: str = "") -> None:
    """Set what an ended task says; not saved."""
    task.state, task.outcome, task.result_note = state, outcome, note
    task.ended_at, task.ended_by = timezone.now(), by.label[:160]
    task.version += 1


@transaction.atomic
def complete_task(
    task: Task, *, by: Actor, outcome: str = "", note: str = "", seen: int | None = None
) -> Task:
    """Say that it is done, and how it ended. Raises TaskRefused, Conflict."""
    locked = lock_open(task, seen)
    if locked.outcomes and outcome not in locked.outcomes:
        raise TaskRefused("Choose how it ended.", "outcome")
    end(locked, TaskState.DONE, by=by, outcome=outcome if locked.outcomes else "", note=clean_text(note))
    locked.save()
    record("completed", locked, by=by, after={"outcome": locked.outcome, "note": locked.result_note})
    tell_ended([locked], by=by)
    return locked


@transaction.atomic
def skip_task(task: Task, *, by: Actor, reason: str, seen: int | None = None) -> Task:
    """Say that it will not be done, and why. Raises TaskRefused, Conflict."""
    text = clean_text(reason)
    if not text:
        raise TaskRefused("Say why it is skipped.", "reason")
    locked = lock_open(task, seen)
    end(locked, TaskState.SKIPPED, by=by, note=text)
    locked.save()
    record("skipped", locked, by=by, after={"reason": text})
    tell_ended([locked], by=by)
    return locked


@transaction.atomic
def reopen_task(task: Task, *, by: Actor, seen: int | None = None) -> Task:
    """Take an end back. A play that went on because of it does not go back. Raises Conflict."""
    locked = lock(task, seen)
    if locked.state == TaskState.OPEN:
        raise Conflict("This task is open already.")
    before = {"state": TaskState(locked.state).label, "outcome": locked.outcome, "note": locked.result_note}
    end(locked, TaskState.OPEN, by=by)
    locked.ended_at, locked.ended_by = None, ""
    locked.save()
    record("reopened", locked, by=by, before=before)
    tell_changed([locked], by=by)
    return locked


@transaction.atomic
def reassign_task(task: Task, *, by: Actor, owner_id: int | None, seen: int | None = None) -> Task:
    """Give it to a colleague, or to nobody. Raises TaskRefused for one who is not here, Conflict."""
    check_owner(owner_id)
    locked = lock_open(task, seen)
    before = {"owner": str(locked.owner or "Nobody")}
    if locked.owner_id == owner_id:
        return locked
    locked.owner_id = owner_id
    locked.version += 1
    locked.save()
    record("reassigned", locked, by=by, before=before, after={"owner": str(locked.owner or "Nobody")})
    tell_owners([locked], by=by)
    tell_changed([locked], by=by)
    return locked


def check_owner(owner_id: int | None) -> None:
    """Raise TaskRefused unless the member can own tasks."""
    if owner_id is not None and not are_here([owner_id]):
        raise TaskRefused("This person is not in the team any more. Choose somebody else.", "owner")


@transaction.atomic
def move_task(task: Task, *, by: Actor, due_on: date | None, seen: int | None = None) -> Task:
    """Give it another due date, or none. Raises Conflict."""
    locked = lock_open(task, seen)
    before = {"due": locked.due_on}
    if locked.due_on == due_on:
        return locked
    locked.due_on = due_on
    locked.version += 1
    locked.save()
    record("moved", locked, by=by, before=before, after={"due": due_on})
    tell_changed([locked], by=by)
    return locked


@transaction.atomic
def edit_task(task: Task, *, by: Actor, seen: int | None = None, **values: Any) -> Task:
    """Change what it says: any of EDITED, the owner as owner_id. Raises TaskRefused, Conflict."""
    locked = lock_open(task, seen)
    before, owner_before = values_of(locked, EDITED), locked.owner_id
    ways = clean_outcomes(values.get("outcomes", locked.outcomes))
    if locked.step_id is not None and ways != locked.outcomes:
        raise TaskRefused("Its play goes on by how it ends: change that in the playbook.")
    cleaners = {
        "title": clean_line,
        "done_when": clean_line,
        "how_to": clean_text,
        "outcomes": clean_outcomes,
    }
    for name, value in values.items():
        setattr(locked, name, cleaners[name](value) if name in cleaners else value)
    if locked.owner_id != owner_before:
        check_owner(locked.owner_id)
    locked.version += 1
    locked.save()
    record("edited", locked, by=by, before=before, after=values_of(locked, EDITED))
    if locked.owner_id != owner_before:
        tell_owners([locked], by=by)
    tell_changed([locked], by=by)
    return locked


@transaction.atomic
def cancel_step_tasks(step_id: int, *, by: Actor, why: str = NOT_NEEDED) -> int:
    """A play does not need its task any more: what is open of it is cancelled, and why; how many."""
    found = Task.objects.select_related("account").select_for_update(of=("self",))
    tasks = list(found.filter(step_id=step_id, state=TaskState.OPEN))
    for task in tasks:
        end(task, TaskState.CANCELLED, by=by, note=why)
        task.save()
        record("cancelled", task, by=by, after={"reason": why})
    tell_changed(tasks, by=by)
    return len(tasks)
