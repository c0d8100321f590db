"""Finding accounts by what other systems call them: the company's own id, or one of their domains."""

from collections.abc import Iterable

from accounts.accounts.models import Account, AccountDomain


def accounts_named(texts: Iterable[str]) -> dict[str, int]:
    """The account ids that these texts mean, an external id before a domain; two queries."""
    # No name has a control character in it, and the database takes none with a zero.
    told = {text.strip() for text in texts if text.isprintable()}
    by_id = dict(Account.objects.filter(external_id__in=told).values_list("external_id", "pk"))
    domains = {text.casefold() for text in told if text not in by_id}
    by_domain = dict(AccountDomain.objects.filter(domain__in=domains).values_list("domain", "account_id"))
    found = {text: by_id.get(text) or by_domain.get(text.casefold()) for text in told}
    return {text: pk for text, pk in found.items() if pk}
