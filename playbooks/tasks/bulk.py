"""Changing many tasks at once: each is done, or passed over with a reason that is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction

from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.people.models import Membership
from csworkspace.web.texts import clean_text
from playbooks.tasks.actions import check_owner, end
from playbooks.tasks.models import Task, TaskState
from playbooks.tasks.settling import tell_changed, tell_ended, tell_owners

MOST = 500
CHANGED = "Somebody else changed it meanwhile."
GONE = "It is not there any more."
ENDED = "It was not open any more."
HAS_OUTCOMES = "It has to be said how it ended: open it."


class Chosen(NamedTuple):
    """A task as the person saw it; seen None: not asked."""

    pk: int
    seen: int | None = None


class PassedOver(NamedTuple):
    """A task that was left alone, and why."""

    pk: int
    title: str
    reason: str


@dataclass
class BulkResult:
    """What became of them."""

    done: list[Task] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)

    def leave(self, pk: int, title: str, reason: str) -> None:
        """Note one that was left alone."""
        self.passed.append(PassedOver(pk, title, reason))


Change = Callable[[Task], tuple[dict[str, Any], dict[str, Any]]]


@transaction.atomic
def complete_many(chosen: Sequence[Chosen], *, by: Actor, note: str = "") -> BulkResult:
    """Complete them, all with the same note. Those that can end in several ways are passed over."""
    text = clean_text(note)

    def complete(task: Task) -> tuple[dict[str, Any], dict[str, Any]]:
        end(task, TaskState.DONE, by=by, note=text)
        return {}, {"note": text}

    fields = ["state", "outcome", "result_note", "ended_at", "ended_by", "version"]
    result = _take(chosen)
    with_outcomes = [task for task in result.done if task.outcomes]
    result.done = [task for task in result.done if not task.outcomes]
    for task in with_outcomes:
        result.leave(task.pk, task.title, HAS_OUTCOMES)
    _write(result.done, complete, "completed", fields, by=by)
    tell_ended(result.done, by=by)
    return result


@transaction.atomic
def reassign_many(chosen: Sequence[Chosen], *, by: Actor, owner_id: int | None) -> BulkResult:
    """Give them to a colleague, or to nobody. Raises TaskRefused for one who is not here."""
    check_owner(owner_id)
    owner = Membership.objects.select_related("user").get(pk=owner_id) if owner_id else None
    result = _take(chosen)
    moved = [task for task in result.done if task.owner_id != owner_id]

    def give(task: Task) -> tuple[dict[str, Any], dict[str, Any]]:
        before = {"owner": str(task.owner or "Nobody")}
        task.owner = owner
        task.version += 1
        return before, {"owner": str(owner or "Nobody")}

    _write(moved, give, "reassigned", ["owner", "version"], by=by)
    tell_owners(moved, by=by)
    tell_changed(moved, by=by)
    return result


@transaction.atomic
def move_many(chosen: Sequence[Chosen], *, by: Actor, due_on: date | None) -> BulkResult:
    """Give them all the same due date, or none."""
    result = _take(chosen)
    moved = [task for task in result.done if task.due_on != due_on]

    def move(task: Task) -> tuple[dict[str, Any], dict[str, Any]]:
        before = {"due": task.due_on}
        task.due_on = due_on
        task.version += 1
        return before, {"due": due_on}

    _write(moved, move, "moved", ["due_on", "version"], by=by)
    tell_changed(moved, by=by)
    return result


def _take(chosen: Sequence[Chosen]) -> BulkResult:
    """Lock those that are open and as the person saw them; one query."""
    wanted = {one.pk: one.seen for one in chosen[:MOST]}
    found = Task.objects.select_related("account", "owner__user").select_for_update(of=("self",))
    tasks = {task.pk: task for task in found.filter(pk__in=wanted).order_by("pk")}
    result = BulkResult()
    for pk, seen in wanted.items():
        task = tasks.get(pk)
        if task is None:
            result.leave(pk, f"Task {pk}", GONE)
        elif task.state != TaskState.OPEN:
            result.leave(pk, task.title, ENDED)
        elif seen is not None and task.version != seen:
            result.leave(pk, task.title, CHANGED)
        else:
            result.done.append(task)
    return result


def _write(tasks: Sequence[Task], change: Change, verb: str, fields: list[str], *, by: Actor) -> None:
    """Change and store them, each with its audit entry; two statements."""
    if not tasks:
        return
    entries = [(task, *change(task)) for task in tasks]
    Task.objects.bulk_update(tasks, fields, batch_size=MOST)
    with connection.cursor() as cursor:
        rows = [audit_rows(verb, task.pk, task.title, before, after) for task, before, after in entries]
        insert_audit(cursor.cursor, by, "task", rows)
