"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from csworkspace.palette.slots import FurtherPage, add_page
from csworkspace.people.access import Needs


def register() -> None:
    """Called once when the program starts."""
    import_module("accounts.changes.jobs")
    add_page(FurtherPage("Changes", "change_sets", Needs.READ, "Book", "undo history"))
