"""What starting from a set of ready tiers would make, told before anything is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.tiers.checks import TierRefused
from accounts.tiers.models import Entry, Tier
from accounts.tiers.ordering import place_for
from accounts.tiers.templates import TEMPLATES, ReadySet, ReadyTier


@dataclass(frozen=True)
class Planned:
    """A ready tier and the one of that name that there is; `is_kept`: it stays as it is."""

    ready: ReadyTier
    tier: Tier | None
    is_kept: bool

    @property
    def key(self) -> str:
        """What tells whether two tiers have the same name."""
        return self.ready.name.casefold()

    @property
    def takes_looks(self) -> bool:
        """Whether the tier becomes what the template says in all: what nobody edited since it was made."""
        return self.tier is None or self.is_new or (self.tier.version == 1 and not self.is_kept)

    @property
    def entry(self) -> str:
        """The entry rule that it would have."""
        return self.ready.entry if self.tier is None or self.takes_looks else self.tier.entry

    @property
    def is_new(self) -> bool:
        """Whether a tier is added, or a retired one brought back."""
        return self.tier is None or self.tier.retired_at is not None


@dataclass(frozen=True)
class Placed:
    """A tier in the order that is to come; `is_made`: the template brings it there."""

    name: str
    entry: str
    is_made: bool


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


def coming_order(in_use: Sequence[Tier], plan: Sequence[Planned]) -> list[Placed]:
    """The tiers in use with those of a template, as they would stand after it is accepted.

    A new tier stands below its neighbour above in the template; the first of all stands above the
    next one of the template, or, when there is none, below the others. None of them stands below a
    tier that takes everybody else: nobody would be left for it; a new one of that kind is the last.
    """
    planned = {one.key: one for one in plan}
    order = [_placed(tier, planned.get(tier.name.casefold())) for tier in in_use]
    for at, one in enumerate(plan):
        if one.is_new:
            order.insert(_beside(order, plan, at), Placed(one.ready.name, one.entry, True))
    last = [one for one in order if one.is_made and one.entry == Entry.REST]
    order = [one for one in order if one not in last]
    rest = place_for("", order)
    late = [one for one in order[rest:] if one.is_made]
    return [*order[:rest], *late, *(one for one in order[rest:] if one not in late), *last]


def _placed(tier: Tier, planned: Planned | None) -> Placed:
    entry = planned.entry if planned else tier.entry
    # A tier that the template makes take everybody else is placed like a new one.
    return Placed(tier.name, entry, entry != tier.entry and entry == Entry.REST)


def _beside(order: Sequence[Placed], plan: Sequence[Planned], at: int) -> int:
    keys = [one.name.casefold() for one in order]
    if at:
        return keys.index(plan[at - 1].key) + 1
    return min((keys.index(one.key) for one in plan if one.key in keys), default=len(keys))
