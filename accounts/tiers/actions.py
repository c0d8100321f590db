"""Service tiers: add, rename, put in order."""

from django.db import transaction
from django.db.models import F, Max

from accounts.tiers.models import Tier
from csworkspace.audit import actions as audit
from csworkspace.audit.actor import Actor

# Positions are unique: while they change, all stand above this number.
ASIDE = 10_000


@transaction.atomic
def add_tier(*, by: Actor, name: str, description: str = "") -> Tier:
    """Add a tier below the others."""
    last = Tier.objects.aggregate(last=Max("position"))["last"] or 0
    tier = Tier.objects.create(name=name, description=description, position=last + 1)
    audit.record("added", tier, by=by, after=audit.values_of(tier, ["name", "description", "position"]))
    return tier


@transaction.atomic
def rename_tier(tier: Tier, *, by: Actor, name: str, description: str = "") -> Tier:
    """Change a tier's name and description; its accounts stay in it."""
    before = audit.values_of(tier, ["name", "description"])
    tier.name, tier.description = name, description
    tier.save(update_fields=["name", "description"])
    after = audit.values_of(tier, ["name", "description"])
    if before != after:
        audit.record("renamed", tier, by=by, before=before, after=after)
    return tier


@transaction.atomic
def move_tier(tier: Tier, *, by: Actor, up: bool) -> bool:
    """Swap a tier with the one above or below it; False at the end of the list."""
    tiers = list(Tier.objects.select_for_update().order_by("position"))
    at = next(n for n, other in enumerate(tiers) if other.pk == tier.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(tiers):
        return False
    tiers[at], tiers[to] = tiers[to], tiers[at]
    Tier.objects.update(position=F("position") + ASIDE)
    for position, one in enumerate(tiers, 1):
        Tier.objects.filter(pk=one.pk).update(position=position)
    audit.record("moved", tier, by=by, before={"position": at + 1}, after={"position": to + 1})
    return True
