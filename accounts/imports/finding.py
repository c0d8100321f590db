"""Finding accounts by what a cell says: external id, else domain, else name."""

from collections.abc import Iterable

from accounts.accounts.models import Account, AccountDomain
from accounts.book.models import BookRow
from accounts.book.text import fold
from accounts.imports.cells import quoted
from accounts.imports.plan import Rejected


class AccountFinder:
    """The accounts that these texts, and further domains, could mean; three queries."""

    def __init__(self, texts: Iterable[str], domains: Iterable[str] = ()) -> None:
        told = set(texts)
        wanted = {text.casefold() for text in told} | set(domains)
        self.by_id = dict(Account.objects.filter(external_id__in=told).values_list("external_id", "pk"))
        self.by_domain = dict(
            AccountDomain.objects.filter(domain__in=wanted).values_list("domain", "account_id")
        )
        self.by_name: dict[str, list[int]] = {}
        names = BookRow.objects.filter(name_sort__in={fold(text) for text in told})
        for name, pk in names.values_list("name_sort", "account_id"):
            self.by_name.setdefault(name, []).append(pk)

    def known(self, text: str) -> int | None:
        """The account with this external id or domain."""
        return self.by_id.get(text) or self.by_domain.get(text.casefold())

    def find(self, text: str, field: str) -> int:
        """The one account that a text means. Raises Rejected."""
        found = self.known(text)
        if found:
            return found
        named = self.by_name.get(fold(text), [])
        if len(named) > 1:
            raise Rejected(field, f"{len(named)} accounts are called {quoted(text)}; give the external id.")
        if not named:
            raise Rejected(
                field,
                f"There is no account {quoted(text)}; import the accounts first, or give an external id, "
                "a domain or the exact name.",
            )
        return named[0]
