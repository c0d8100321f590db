"""What this concept puts into the slots of the floors below."""

from accounts.metrics import jobs as jobs
from accounts.metrics.account_views import usage_panel
from csworkspace.events.registry import on_event
from csworkspace.palette.slots import Command, add_command
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, Panel, Tab, add_nav, add_panel, add_tab


def register() -> None:
    """Called once when the program starts."""
    add_nav(NavEntry("Metrics", "metrics", Needs.READ, 50, is_more=True))
    add_command(Command("New metric", "metric_new", Needs.MANAGE))
    add_tab("account", Tab("Usage", "account_usage", 40))
    on_event("workspace.zone_changed", kind="measure everything", title="Count all days in the new time zone")
    add_panel("account.overview", Panel("usage", "Usage", "metrics/_panel.html", usage_panel, 10))
