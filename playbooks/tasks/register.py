"""What this concept puts into the slots of the floors below."""

from importlib import import_module
from typing import Any

from django.db.models import QuerySet

from accounts.accounts.history import add_history
from csworkspace.events.registry import on_event
from csworkspace.exports.registry import register_exporter
from csworkspace.notifications.models import EmailWhen
from csworkspace.notifications.registry import NotificationKind, add_digest_part, add_notification_kind
from csworkspace.palette.slots import Command, FurtherPage, Source, add_command, add_page, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, Panel, add_nav, add_panel
from playbooks.myday.providers import Provider, add_provider
from playbooks.playbooks.steps import register_step
from playbooks.tasks.digest import SIGNALS
from playbooks.tasks.digest import TASKS as TASKS_IN_DIGEST
from playbooks.tasks.download import TASKS
from playbooks.tasks.models import Task
from playbooks.tasks.panels import day_items, find_tasks, happenings, margin_panel, plays_panel
from playbooks.tasks.steps import NOTICE
from playbooks.tasks.steps import TASK as TASK_STEP
from playbooks.timeline.sources import TimelineSource, add_timeline

KINDS = (
    NotificationKind("task_assigned", "Somebody gives you a task", heading="New task"),
    # The digest tells these by itself, so it mails them no second time.
    NotificationKind("task_due", "A task of yours is due today", heading="Due today"),
    NotificationKind("task_overdue", "A task of yours became overdue", heading="Overdue"),
    NotificationKind(
        "task_unowned", "Tasks of somebody who left need an owner", EmailWhen.AT_ONCE, "Tasks without owner"
    ),
    NotificationKind("play_notice", "A play has a notice for you", heading="Notice of a play"),
)


def register() -> None:
    """Fill the slots; called once at start."""
    import_module("playbooks.tasks.jobs")
    import_module("playbooks.tasks.tasks")
    for kind in KINDS:
        add_notification_kind(kind)
    add_digest_part(TASKS_IN_DIGEST)
    add_digest_part(SIGNALS)
    register_step(TASK_STEP)
    register_step(NOTICE)
    on_event("members.deactivated", kind="tasks.owner_left", title="List the tasks of somebody who left")
    add_nav(NavEntry("Tasks", "tasks", Needs.READ, 8))
    add_panel("account.plays", Panel("tasks", "Tasks", "tasks/_account.html", plays_panel, 50))
    add_panel("account.aside", Panel("tasks", "Tasks", "tasks/_panel.html", margin_panel, 5))
    add_provider(Provider("tasks", day_items))
    add_timeline(TimelineSource("tasks", "Tasks", happenings, 30))
    add_source(Source("Tasks", Needs.READ, find_tasks, 40))
    add_command(Command("New task", "task_begin", Needs.WORK))
    add_page(
        FurtherPage("My calendar feed", "calendar_feed", Needs.READ, "subscribe", "ical ics outlook google")
    )
    register_exporter(TASKS)
    add_history("task", _owned)


def _owned(account_id: int) -> QuerySet[Any]:
    return Task.objects.filter(account_id=account_id).values_list("pk")
