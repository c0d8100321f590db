"""What this concept puts into the slots of the floors below."""

from csworkspace.palette.slots import Command, FurtherPage, add_command, add_page
from csworkspace.people.access import Needs
from csworkspace.web.slots import Tab, add_tab


def register() -> None:
    """Fill the slots; called once at start."""
    # The inbox of signals, a floor above, is the first of these tabs.
    add_tab("signals", Tab("Incidents", "incidents", 30))
    add_page(FurtherPage("Incidents", "incidents", Needs.READ, "Page", "outage degraded service status"))
    add_command(Command("New incident", "incident_new", Needs.WORK))
