"""Reads about tiers, versions and the catalogue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts.accounts.models import Stage
from accounts.tiering.models import ServiceOverride
from accounts.tiers.models import Service, ServiceLevel, Tier, TierVersion
from accounts.tiers.terms import Terms, terms_of

# Held as an insert holds its parent: whoever retires one waits, and the answer is true until the commit.
IN_USE = """
select id from accounts_tier where id = any(%s) and retired_at is null order by id for key share
"""


def tiers_in_use(wanted: Collection[int]) -> set[int]:
    """Those of these tiers that are in use, and stay so until the transaction ends."""
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(IN_USE, [sorted(wanted)])
        return {pk for (pk,) in cursor.fetchall()}


def tiers() -> QuerySet[Tier]:
    """The tiers in use, the most served first."""
    return Tier.objects.filter(retired_at=None).order_by("position")


def services() -> QuerySet[Service]:
    """The catalogue's services in use."""
    return Service.objects.filter(retired_at=None).order_by("name")


def newest_version(tier: Tier) -> TierVersion | None:
    """The version that begins last, which may be planned for later; None: nothing is promised."""
    return tier.versions.order_by("-starts_on").first()


def levels_of(version: TierVersion) -> list[Terms]:
    """What a version promises, by the services' names."""
    return [terms_of(level) for level in version.levels.select_related("service").order_by("service__name")]


def versions_that_count(today: date) -> QuerySet[TierVersion]:
    """Versions in effect and planned ones, of the tiers in use."""
    in_use = TierVersion.objects.filter(tier__retired_at=None)
    in_effect = in_use.filter(starts_on__lte=today).order_by("tier_id", "-starts_on").distinct("tier_id")
    return in_use.filter(Q(starts_on__gt=today) | Q(pk__in=in_effect.values("pk")))


def users_of(today: date, service_ids: Collection[int] | None = None) -> dict[int, list[str]]:
    """Service id → names of the tiers that promise it, now or as planned; one query."""
    levels = ServiceLevel.objects.filter(version__in=versions_that_count(today).values("pk"))
    if service_ids is not None:
        levels = levels.filter(service_id__in=service_ids)
    found: dict[int, list[str]] = {}
    pairs = levels.values_list("service_id", "version__tier__name").order_by("version__tier__position")
    for service_id, tier in pairs.distinct():
        found.setdefault(service_id, []).append(tier)
    return found


def own_terms_of(today: date) -> dict[int, int]:
    """Service id → how many accounts have terms of their own for it, now or later; one query."""
    valid = ServiceOverride.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), is_owed=True)
    counted = valid.values("service_id").annotate(accounts=Count("account_id", distinct=True))
    return dict(counted.order_by().values_list("service_id", "accounts"))


@dataclass(frozen=True)
class Members:
    """How many accounts are in a tier, and how many of them are served: who has churned is owed nothing."""

    all: int
    served: int

    @property
    def churned(self) -> int:
        """How many have churned."""
        return self.all - self.served


def members_of(tier: Tier) -> Members:
    """The accounts of a tier in numbers; one query."""
    counted = tier.accounts.aggregate(all=Count("pk"), served=Count("pk", filter=~Q(stage=Stage.CHURNED)))
    return Members(**counted)


def is_promised(service: Service, today: date) -> bool:
    """Whether a tier or an account's own terms promise it, now or later."""
    return bool(users_of(today, [service.pk]) or service.pk in own_terms_of(today))


def coming_accounts(tier: Tier, today: date) -> int:
    """How many accounts are planned to come into a tier."""
    coming = tier.placements.filter(since__gt=today)
    return coming.aggregate(accounts=Count("account_id", distinct=True))["accounts"]
