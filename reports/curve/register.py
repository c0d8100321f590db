"""What this concept puts into the slots of the floors below."""

from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav


def register() -> None:
    """Fill the slots; called once at start."""
    add_nav(NavEntry("Portfolio", "curve", Needs.READ, 15))
