"""Making tasks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from playbooks.tasks.models import Task


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
    """A new task; `fields`: how_to, done_when, is_urgent, and what it comes from (step, note, signal)."""
    made = Task.objects.create(
        account=account,
        title=title[:200],
        owner_id=owner_id,
        due_on=due_on,
        outcomes=list(outcomes),
        actor=by.label[:160],
        **fields,
    )
    record("made", made, by=by, after={"title": made.title, "due": due_on})
    return made
