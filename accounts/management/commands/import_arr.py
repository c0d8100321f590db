"""`manage.py import_arr SLUG FILE.csv [--map MAP.json] [--dry-run] [--json]`."""

from accounts.imports.command import ImportCommand


class Command(ImportCommand):
    """Load what accounts paid over time from a CSV file; see docs/imports.md."""

    help = "Load the history of ARR from a CSV file; the same file again changes nothing."
    kind = "arr"
