"""Books of known content."""

from datetime import date

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow

RENEWAL = date(2026, 3, 1)


def make_book(rows):
    """Accounts with the given BookRow columns each (name included); in order."""
    accounts = [Account.objects.create(name=row.get("name", f"A{n}")) for n, row in enumerate(rows)]
    refresh_book()
    for account, row in zip(accounts, rows, strict=True):
        columns = {name: value for name, value in row.items() if name != "name"}
        if columns:
            BookRow.objects.filter(account=account).update(**columns)
    return accounts
