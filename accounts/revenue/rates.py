"""Comparing currencies: by stated rates, or not at all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from accounts.revenue.models import CurrencyRate
from csworkspace.tenancy.models import Workspace
from csworkspace.web import times
from csworkspace.web.formats import plural


class RateMissing(ValueError):
    """Amounts in currencies without a rate: nothing is added up. The text names them."""

    def __init__(self, currencies: Mapping[str, int], into: str, day: date) -> None:
        self.currencies = dict(sorted(currencies.items()))
        names = " and ".join(self.currencies)
        accounts = plural(sum(self.currencies.values()), "account")
        verb = "pays" if sum(self.currencies.values()) == 1 else "pay"
        super().__init__(
            f"{accounts} {verb} in {names}, and no rate into {into} is stated for {times.day(day)}. "
            "Amounts in different currencies are never added up."
        )


def rates_on(day: date) -> dict[str, Decimal]:
    """Currency → units of the workspace's currency for one unit on a day; its own is 1. Two queries."""
    own = Workspace.objects.values_list("currency", flat=True).get()
    stated = CurrencyRate.objects.filter(into_currency=own, since__lte=day)
    newest = stated.order_by("currency", "-since").distinct("currency")
    return {**dict(newest.values_list("currency", "rate")), own: Decimal(1)}


def check_rates(currencies: Iterable[str], rates: Mapping[str, Decimal], into: str, day: date) -> None:
    """Raise RateMissing if one of the currencies (one for each account) has no rate."""
    missing = Counter(currency for currency in currencies if currency not in rates)
    if missing:
        raise RateMissing(missing, into, day)


def converted(amount: Decimal | None, currency: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    """amount × rate, to the cent; None for None, or without a rate."""
    rate = rates.get(currency)
    return None if amount is None or rate is None else (amount * rate).quantize(Decimal("0.01"))
