"""Reads about which account is in which tier, and under which terms."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiers.terms import Terms, terms_of


def tiers_on(day: date, account_ids: Collection[int] | None = None) -> dict[int, int | None]:
    """Account id → tier id (None: out of any tier) on a day, without accounts never placed; one query."""
    found = TierPlacement.objects.filter(since__lte=day)
    if account_ids is not None:
        found = found.filter(account_id__in=account_ids)
    newest = found.order_by("account_id", "-since", "-id").distinct("account_id")
    return dict(newest.values_list("account_id", "tier_id"))


def overrides_on(day: date, account_ids: Collection[int] | None = None) -> dict[int, dict[int, Terms | None]]:
    """Account id → service id → the account's own terms on a day, None where it is not owed; one query."""
    valid = ServiceOverride.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    if account_ids is not None:
        valid = valid.filter(account_id__in=account_ids)
    found: dict[int, dict[int, Terms | None]] = {}
    for one in valid.select_related("service").order_by("starts_on", "id"):
        found.setdefault(one.account_id, {})[one.service_id] = terms_of(one) if one.is_owed else None
    return found
