"""Tiers with rules, and accounts that pay."""

from decimal import Decimal

from accounts.accounts.actions import create_account
from accounts.tiers.models import Service, ServiceLevel, Tier, TierVersion
from csworkspace.tenancy.clock import today
from tests.kit import BY


def make_tiers():
    """Top by 40 percent of revenue, Leveraged by ARR of 100 or growth of 25 percent, Scalable for the rest."""
    rules = [
        {"name": "Top", "entry": "share", "entry_share": Decimal(40)},
        {"name": "Leveraged", "entry": "value", "entry_arr": Decimal(100), "entry_growth": Decimal(25)},
        {"name": "Scalable", "entry": "rest"},
    ]
    return {
        rule["name"]: Tier.objects.create(position=position, **rule) for position, rule in enumerate(rules, 1)
    }


def promise(tier, hours, times=1, per="quarter"):
    """A review that a tier promises since long."""
    service, _ = Service.objects.get_or_create(name="Review", defaults={"kind": "qbr"})
    version = TierVersion.objects.create(
        tier=tier, number=1, starts_on=today().replace(year=2020, day=1), actor="Test"
    )
    ServiceLevel.objects.create(version=version, service=service, hours=hours, times=times, per=per)
    return service


def pays(name, arr, **fields):
    """An account with ARR."""
    amount = None if arr is None else Decimal(arr)
    return create_account(by=BY, name=name, arr=amount, **fields)
