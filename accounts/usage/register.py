"""What this concept puts into the slots of the floors below."""

from accounts.imports.registry import register_importer
from accounts.usage import exporters, jobs
from accounts.usage.importer import EVENTS
from csworkspace.events.registry import on_event
from csworkspace.exports.registry import register_exporter
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav

__all__ = ["jobs", "register"]


def register() -> None:
    """Called once when the program starts."""
    on_event("accounts.changed", kind="resolve events", title="Assign waiting events to their accounts")
    register_importer(EVENTS)
    register_exporter(exporters.EVENTS)
    register_exporter(exporters.MEASUREMENTS)
    add_nav(NavEntry("Sources", "sources", Needs.READ, 75, is_more=True))
