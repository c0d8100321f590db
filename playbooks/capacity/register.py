"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav


def register() -> None:
    """Fill the slots; called once at start."""
    import_module("playbooks.capacity.jobs")
    add_nav(NavEntry("Capacity", "capacity", Needs.READ, 36))
