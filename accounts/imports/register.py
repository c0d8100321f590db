"""What this concept puts into the slots of the floors below."""

from accounts.imports import jobs
from accounts.imports.loaders import ACCOUNTS, CONTACTS
from accounts.imports.registry import register_importer
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav

__all__ = ["jobs", "register"]


def register() -> None:
    """Called once when the program starts."""
    add_nav(NavEntry("Imports", "imports", Needs.WORK, 80))
    register_importer(ACCOUNTS)
    register_importer(CONTACTS)
