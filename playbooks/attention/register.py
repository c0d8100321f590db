"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from accounts.book.bulk_slots import BulkJob, add_bulk_job
from csworkspace.events.registry import on_event
from csworkspace.web.slots import Panel, add_panel
from playbooks.attention.bulk import start_refresh
from playbooks.attention.panels import attention_panel

TITLES = {
    "measurements.changed": "Refresh how accounts stand after new measurements",
    "accounts.changed": "Refresh how accounts stand after a change",
    "standing.changed": "Refresh how accounts stand after a change of level or plan",
}
REFRESH_NOTE = "Plan status, level and attention are worked out anew from the newest measurements."


def register() -> None:
    """Listen to everything that moves a score, and say why; called once at start."""
    import_module("playbooks.attention.jobs")
    import_module("playbooks.attention.tasks")
    panel = Panel("attention", "Why it needs attention", "attention/_panel.html", attention_panel, 5)
    add_panel("account.overview", panel)
    add_bulk_job(BulkJob("refresh", "Refresh how they stand", REFRESH_NOTE, start_refresh))
    for event, title in TITLES.items():
        on_event(event, kind="attention.refresh", title=title)
