"""`manage.py import_accounts SLUG FILE.csv [--map MAP.json] [--dry-run] [--json]`."""

from accounts.imports.command import ImportCommand


class Command(ImportCommand):
    """Load accounts from a CSV file; see docs/imports.md."""

    help = "Load accounts from a CSV file; the same file again changes nothing."
    kind = "accounts"
