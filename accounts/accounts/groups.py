"""Groups of accounts: a parent with everything below it, never a circle."""

from typing import Any

from django.db import connection

from accounts.accounts.models import Account, AccountDomain
from accounts.book.models import BookRow
from accounts.book.text import fold
from csworkspace.tenancy.database import lock_in_workspace

# `union` drops what was seen, so that the walk ends whatever it meets.
ABOVE = """
with recursive above(id) as (
    select %s::bigint
    union
    select account.parent_id from accounts_account account join above on account.id = above.id
    where account.parent_id is not null)
select exists (select from above where id = %s)
"""


class ParentRefused(ValueError):
    """An account cannot belong to another one; the text says why."""


def lock_groups() -> None:
    """Let one transaction at a time change who belongs to whom in the open workspace.

    Take it before any account is locked: two people who put A under B and B under A wait for each other.
    """
    lock_in_workspace("groups of accounts")


def refuse_circle(account: Account, parent: Account) -> None:
    """Raise ParentRefused if the account would belong to itself, directly or by others (under the lock)."""
    if parent.pk == account.pk:
        raise ParentRefused(f"{account.name} cannot belong to itself.")
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [parent.pk, account.pk])
        if cursor.fetchone()[0]:
            raise ParentRefused(
                f"{account.name} cannot belong to {parent.name}: "
                f"{parent.name} belongs to {account.name} already."
            )


def find_accounts(text: str) -> list[Account]:
    """The accounts that a text means: by external id, else by domain, else by name."""
    wanted = text.strip()
    for condition in (
        {"external_id": wanted},
        {"pk__in": AccountDomain.objects.filter(domain=wanted.casefold()).values("account")},
        {"pk__in": BookRow.objects.filter(name_sort=fold(wanted)).values("account")},
    ):
        found = list(Account.objects.filter(**condition).order_by("pk")[:20])
        if found:
            return found
    return []


def text_of(account: Account) -> str:
    """A text by which `find_accounts` finds exactly this account: its name, if no other has it."""
    for text in (account.name, account.external_id, *account.domains.values_list("domain", flat=True)):
        if text and [one.pk for one in find_accounts(text)] == [account.pk]:
            return str(text)
    return account.name


def family_of(account: Any) -> tuple[Account | None, list[Account]]:
    """The account that this one belongs to, and those that belong to it, by name; two queries."""
    parent = Account.objects.filter(pk=account.parent_id).first() if account.parent_id else None
    return parent, list(Account.objects.filter(parent=account.pk).order_by("name", "pk"))
