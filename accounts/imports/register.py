"""What this concept puts into the slots of the floors below."""

from accounts.imports import exporters, jobs
from accounts.imports.loaders import ACCOUNTS, CONTACTS
from accounts.imports.registry import register_importer
from csworkspace.exports.registry import register_exporter
from csworkspace.palette.slots import Command, add_command
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav

__all__ = ["jobs", "register"]


def register() -> None:
    """Called once when the program starts."""
    add_nav(NavEntry("Imports", "imports", Needs.WORK, 80, is_more=True))
    add_command(Command("Import accounts", "import_new", Needs.WORK))
    register_importer(ACCOUNTS)
    register_importer(CONTACTS)
    register_exporter(exporters.ACCOUNTS)
    register_exporter(exporters.CONTACTS)
