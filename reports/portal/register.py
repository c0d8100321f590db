"""What this concept puts into the slots of the floors below."""

from csworkspace.people.guests import register_guests
from reports.portal.guests import find_guest


def register() -> None:
    """Called once when the program starts."""
    register_guests(find_guest)
