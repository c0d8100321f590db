"""Tasks as CSV: those of a page's filter, or all as an export."""

import io
from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from csworkspace.exports.csvfile import write_rows
from csworkspace.exports.registry import Exporter, Rows, Span
from playbooks.tasks.models import Task

MAX_ROWS, CHUNK = 200_000, 5_000
HEADER = [
    "task_id", "account_id", "account_external_id", "account", "title", "owner", "due_on", "urgent", "state",
    "outcome", "note", "playbook", "signal_id", "note_id", "made_by", "created_at", "ended_at", "ended_by",
]  # fmt: skip
COLUMNS = (
    "pk", "account_id", "account__external_id", "account__name", "title", "owner_name", "due_on", "is_urgent",
    "state", "outcome", "result_note", "step__play__playbook__name", "signal_id", "note_id", "actor",
    "created_at", "ended_at", "ended_by",
)  # fmt: skip


def csv_of(rows: QuerySet[Task]) -> bytes:
    """The rows of a filter in its order, UTF-8, formulas made inert; at most MAX_ROWS."""
    out = io.StringIO()
    write_rows(out, HEADER, map(list, _values(rows[:MAX_ROWS])))
    return out.getvalue().encode()


def export_rows(span: Span) -> Rows:
    """Every task, by id; `span` limits to those that are due within its dates."""
    found = Task.objects.all()
    if span.since:
        found = found.filter(due_on__gte=span.since)
    if span.until:
        found = found.filter(due_on__lte=span.until)
    return _in_chunks(found)


def _in_chunks(found: QuerySet[Task]) -> Iterator[list[object]]:
    """Memory stays the same for any number."""
    last = 0
    while chunk := list(_values(found.filter(pk__gt=last).order_by("pk")[:CHUNK])):
        yield from (list(row) for row in chunk)
        last = chunk[-1][0]


def _values(rows: QuerySet[Task]) -> QuerySet[Any, Any]:
    name = NullIf("owner__user__name", Value(""))
    owner = Coalesce(name, "owner__user__email", output_field=CharField())
    return rows.annotate(owner_name=owner).values_list(*COLUMNS)


TASKS = Exporter("tasks", HEADER, export_rows)
