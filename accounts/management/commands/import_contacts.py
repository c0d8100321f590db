"""`manage.py import_contacts SLUG FILE.csv [--map MAP.json] [--dry-run] [--json]`."""

from accounts.imports.command import ImportCommand


class Command(ImportCommand):
    """Load contacts from a CSV file; see docs/imports.md."""

    help = "Load contacts from a CSV file; the same file again changes nothing."
    kind = "contacts"
