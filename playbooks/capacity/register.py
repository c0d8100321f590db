"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from csworkspace.palette.slots import FurtherPage, add_page
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav


def register() -> None:
    """Fill the slots; called once at start."""
    import_module("playbooks.capacity.jobs")
    add_nav(NavEntry("Capacity", "capacity", Needs.READ, 36))
    add_page(FurtherPage("What-if", "scenarios", Needs.READ, "Capacity", "scenario what if"))
    add_page(FurtherPage("How many accounts?", "calculator", Needs.READ, "Capacity", "calculator"))
