"""What the daily digest says of tasks and signals."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from csworkspace.notifications.registry import DigestLine, DigestPart, DigestReader, DigestSection
from csworkspace.web.formats import plural
from csworkspace.web.times import day_short
from playbooks.indicators.models import Severity
from playbooks.signals.models import Signal
from playbooks.tasks.models import Task, TaskState

LINES = 7


def task_sections(reader: DigestReader) -> list[DigestSection]:
    """Overdue tasks, and those due today; at most four queries."""
    mine = Task.objects.filter(owner_id=reader.member_id, state=TaskState.OPEN).select_related("account")
    ordered = mine.order_by("due_on", "pk")
    return [
        _section("Overdue tasks", ordered.filter(due_on__lt=reader.today), reader.today),
        _section("Tasks due today", ordered.filter(due_on=reader.today), reader.today),
    ]


def _section(heading: str, found: QuerySet[Task], today: date) -> DigestSection:
    tasks = list(found[: LINES + 1])
    lines = [DigestLine(_words(task, today), "task", (task.pk,)) for task in tasks[:LINES]]
    # Nobody reads hundreds of overdue tasks here, but how many more there are is told.
    beyond = found.count() - LINES if len(tasks) > LINES else 0
    return DigestSection(heading, lines, beyond, "tasks")


def _words(task: Task, today: date) -> str:
    was = f", was due {day_short(task.due_on, today)}" if task.due_on and task.due_on < today else ""
    urgent = "URGENT: " if task.is_urgent else ""
    return f"{urgent}{task.title} ({task.account.name}{was})"


def signal_sections(reader: DigestReader) -> list[DigestSection]:
    """How many signals are new at the reader's accounts, by severity, and the gravest; one query."""
    whose = Q(owner_id=reader.member_id) | Q(owner=None, account__owner_id=reader.member_id)
    found = Signal.objects.filter(whose, raised_at__gt=reader.since).exclude(state="resolved")
    signals: list[Any] = list(
        found.order_by("-severity", "-pk").values_list("pk", "severity", "title", "account__name")[:200]
    )
    if not signals:
        return []
    counts = Counter(severity for _, severity, _, _ in signals)
    words = [
        f"{counts[value]} {label.lower()}" for value, label in reversed(Severity.choices) if counts[value]
    ]
    lines = [DigestLine(f"{title} ({account})", "signal", (pk,)) for pk, _, title, account in signals[:LINES]]
    heading = f"{plural(len(signals), 'new signal')}: {', '.join(words)}"
    return [DigestSection(heading, lines, len(signals) - len(lines), "signals")]


TASKS = DigestPart("tasks", task_sections, frozenset({"task_due", "task_overdue"}), order=10)
# Kinds that tell of the same signals one by one.
SIGNALS = DigestPart("signals", signal_sections, frozenset({"signal", "signals", "signal_raised"}), order=20)
