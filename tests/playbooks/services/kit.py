"""Tiers, promises and placements made by hand."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.accounts.models import Account
from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiers.models import Service, ServiceLevel, Tier, TierVersion
from playbooks.services.generating import generate_occurrences
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import (
    ONBOARDING_DAYS,
    RENEWAL_DUE_DAYS,
    RENEWAL_STARTS_DAYS,
    Part,
)
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago

UNTIL = ago(-30)


def make_service(name: str = "QBR", kind: str = "qbr") -> Service:
    """A service of the catalogue."""
    return Service.objects.create(name=name, kind=kind)


def make_tier(name: str = "Top", position: int = 1) -> Tier:
    """A tier without promises."""
    return Tier.objects.create(name=name, position=position)


def promise(
    tier: Tier, since: date, levels: Iterable[tuple[Service, int, str]], number: int = 1, **terms: Any
) -> TierVersion:
    """A version of a tier: (service, times, per) each; `terms` are those of all."""
    version = TierVersion.objects.create(tier=tier, number=number, starts_on=since, actor="Test")
    shared = {"hours": Decimal(2), "grace_days": 14, **terms}
    for service, times, per in levels:
        ServiceLevel.objects.create(version=version, service=service, times=times, per=per, **shared)
    return version


def place(account: Account, tier: Tier | None, since: date) -> TierPlacement:
    """Put an account into a tier from a day on."""
    placed = TierPlacement.objects.create(account=account, tier=tier, since=since, actor="Test")
    Account.objects.filter(pk=account.pk).update(tier=tier)
    return placed


def generate(*accounts: Account, until: date = UNTIL) -> int:
    """Generate for these accounts, or for all."""
    ids = [a.pk for a in accounts] or list(Account.objects.values_list("pk", flat=True))
    return generate_occurrences(ids, until=until, by=BY)


def periods(account: Account | None = None, **filters: Any) -> list[str]:
    """The periods that are owed, in order of their dates."""
    rows = ServiceOccurrence.objects.filter(**filters)
    rows = rows.filter(account=account) if account else rows
    return list(rows.order_by("due_on", "service__name", "period").values_list("period", flat=True))


def make_occurrence(account: Account, service: Service, **fields: Any) -> ServiceOccurrence:
    """Owed in the running quarter, with 14 days of grace."""
    dates = {
        "period": "2030-Q2",
        "starts_on": date(2030, 4, 1),
        "due_on": TODAY,
        "grace_days": 14,
        "missed_after": date(2030, 9, 29),
        "hours": Decimal(2),
        "delivered_by": "person",
        "owner": account.owner,
    }
    return ServiceOccurrence.objects.create(account=account, service=service, **{**dates, **fields})


def override(
    here: Any, service: Service, since: date, until: date | None = None, **terms: Any
) -> ServiceOverride:
    """Own terms of the account of `here`."""
    values = {"times": 1, "per": "month", "hours": Decimal(1), **terms}
    return ServiceOverride.objects.create(
        account=here.account, service=service, starts_on=since, ends_on=until, reason="x", actor="x", **values
    )


def onboarding_part(customer_since: date) -> Part:
    """When what is owed once at onboarding is owed."""
    due_on = customer_since + timedelta(days=ONBOARDING_DAYS)
    return Part("onboarding", customer_since, due_on, customer_since)


def renewal_part(renewal_on: date) -> Part:
    """When what is owed before a renewal is owed."""
    first = renewal_on - timedelta(days=RENEWAL_STARTS_DAYS)
    return Part(f"renewal {renewal_on}", first, renewal_on - timedelta(days=RENEWAL_DUE_DAYS), first)
