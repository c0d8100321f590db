"""CSM hours that tiers cost: what each account is promised, its own terms included."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from accounts.tiering.queries import overrides_on
from accounts.tiers.terms import Terms, hours_a_quarter, terms_of_tiers


class QuarterHours:
    """Hours a quarter of accounts in tiers, by the terms in effect on a day; two queries."""

    def __init__(self, day: date, account_ids: Collection[int] | None = None) -> None:
        self.terms = terms_of_tiers(day)
        self.overrides = overrides_on(day, account_ids)
        self.by_tier = {tier_id: hours_a_quarter(found.values()) for tier_id, found in self.terms.items()}

    def of(self, account_id: int, tier_id: int | None) -> Decimal:
        """Hours a quarter that an account would cost in a tier; services that happen once do not count."""
        own = self.overrides.get(account_id)
        if own is None:
            return self.by_tier.get(tier_id or 0, Decimal(0))
        promised: dict[int, Terms | None] = {**self.terms.get(tier_id or 0, {}), **own}
        return hours_a_quarter(terms for terms in promised.values() if terms)
