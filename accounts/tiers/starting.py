"""What starting from a set of ready tiers would make, told before anything is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.tiers.checks import TierRefused
from accounts.tiers.models import Tier
from accounts.tiers.templates import TEMPLATES, ReadySet, ReadyTier


@dataclass(frozen=True)
class Planned:
    """A ready tier and the one of that name that there is; `is_kept`: it stays as it is."""

    ready: ReadyTier
    tier: Tier | None
    is_kept: bool

    @property
    def is_new(self) -> bool:
        """Whether a tier is added, or a retired one brought back."""
        return self.tier is None or self.tier.retired_at is not None


def find_template(key: str) -> ReadySet:
    """The set with this key. Raises TierRefused."""
    found = TEMPLATES.get(key)
    if found is None:
        raise TierRefused("There is no such template. Choose one of the list.")
    return found


def plan_template(template: ReadySet) -> list[Planned]:
    """Each ready tier beside the workspace's; one that promises something already is kept. Two queries."""
    found = {tier.name.casefold(): tier for tier in Tier.objects.prefetch_related("versions")}
    plan = []
    for ready in template.tiers:
        tier = found.get(ready.name.casefold())
        plan.append(Planned(ready, tier, tier is not None and bool(tier.versions.all())))
    return plan


def order_with(in_use: Sequence[int], template: Sequence[int], new: set[int]) -> list[int]:
    """The ids of tiers in use with new ones of a template put where the template has them.

    A new tier stands below its neighbour above in the template; the first of all stands above
    the next one of the template, or, when there is none, below the others.
    """
    order = [pk for pk in in_use if pk not in new]
    for at, pk in enumerate(template):
        if pk not in new:
            continue
        if at:
            place = order.index(template[at - 1]) + 1
        else:
            place = min((order.index(one) for one in template if one in order), default=len(order))
        order.insert(place, pk)
    return order
