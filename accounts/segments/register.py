"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from accounts.segments.criteria import account, measured, standing
from accounts.segments.exporters import SEGMENTS
from accounts.segments.palette import find_segments
from accounts.segments.queries import saved_view_uses
from accounts.segments.registry import register_criterion
from accounts.segments.uses import register_segment_uses
from csworkspace.events.registry import on_event
from csworkspace.exports.registry import register_exporter
from csworkspace.palette.slots import Command, Source, add_command, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav

TITLES = {
    "contacts.changed": "Refresh segments after a change of contacts",
    "accounts.changed": "Refresh segments after a change of accounts",
    "measurements.changed": "Refresh segments after new measurements",
    "standing.changed": "Refresh segments after a change of level or plan",
    "services.changed": "Refresh segments after a change of services",
    "book.changed": "Refresh segments after a change of how accounts stand",
}


def register() -> None:
    """Offer the criteria, and listen to everything that lets accounts enter or leave."""
    import_module("accounts.segments.jobs")
    import_module("accounts.segments.tasks")
    for criterion in (*account.CRITERIA, *standing.CRITERIA, *measured.CRITERIA):
        register_criterion(criterion)
    add_source(Source("Segments", Needs.READ, find_segments, order=40))
    add_command(Command("New segment", "segment_new", Needs.WORK))
    add_nav(NavEntry("Segments", "segments", Needs.READ, 20, is_more=True))
    register_exporter(SEGMENTS)
    register_segment_uses(saved_view_uses)
    for event, title in TITLES.items():
        on_event(event, kind="segments.refresh", title=title)
