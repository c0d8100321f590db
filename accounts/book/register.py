"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav, set_search


def register() -> None:
    """Called once when the program starts."""
    import_module("accounts.book.jobs")
    add_nav(NavEntry("Book", "book", Needs.READ, 10))
    set_search("book")
