"""The order of tiers: positions without gaps, those in use first."""

from collections.abc import Sequence

from django.db.models import F

from accounts.tiers.models import Tier
from csworkspace.tenancy.database import lock_in_workspace

# Positions are unique: while they change, all stand above this number.
ASIDE = 10_000


def lock_tiers() -> list[Tier]:
    """Let one transaction at a time add, order and remove tiers; the tiers in use, in order."""
    lock_in_workspace("tiers")
    return list(Tier.objects.select_for_update().filter(retired_at=None).order_by("position"))


def lock_catalogue() -> None:
    """Let one transaction at a time add and rename services: names are compared whatever their case."""
    lock_in_workspace("catalogue")


def arrange(in_use: Sequence[int]) -> None:
    """Number the tiers with these ids from 1 on, and the retired ones after them."""
    retired = Tier.objects.exclude(pk__in=in_use).order_by("position").values_list("pk", flat=True)
    wanted = [*in_use, *retired]
    now = dict(Tier.objects.values_list("pk", "position"))
    if all(now[pk] == position for position, pk in enumerate(wanted, 1)):
        return
    Tier.objects.update(position=F("position") + ASIDE)
    for position, pk in enumerate(wanted, 1):
        Tier.objects.filter(pk=pk).update(position=position)
