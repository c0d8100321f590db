"""The order of tiers: positions without gaps, those in use first, and who stands where nobody comes."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db.models import F

from accounts.tiers.checks import SERVICE_FIELDS, TierRefused
from accounts.tiers.models import Entry, Service, Tier
from csworkspace.tenancy.database import lock_in_workspace
from csworkspace.web.versions import CONFLICT, Conflict

# Positions are unique: while they change, all stand above this number.
ASIDE = 10_000


def lock_tiers() -> list[Tier]:
    """Let one transaction at a time add, order and remove tiers; the tiers in use, in order."""
    lock_in_workspace("tiers")
    return list(Tier.objects.select_for_update().filter(retired_at=None).order_by("position"))


def lock_catalogue() -> None:
    """Let one transaction at a time add and rename services: names are compared whatever their case."""
    lock_in_workspace("catalogue")


def lock_service(service: Service, seen: Sequence[str] | None) -> Service:
    """The service, locked. Raises TierRefused if it is retired, Conflict if it is not as `seen`."""
    lock_catalogue()
    locked = Service.objects.select_for_update().get(pk=service.pk)
    if seen is not None and [getattr(locked, name) for name in SERVICE_FIELDS] != list(seen):
        raise Conflict(CONFLICT)
    if locked.retired_at:
        raise TierRefused(f"{locked.name} is retired. Bring it back first.")
    return locked


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


class Standing(Protocol):
    """A tier as the order sees it: its name and its entry rule."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def entry(self) -> str:
        """One of `Entry`."""


def place_for(entry: str, order: Sequence[Standing]) -> int:
    """Where a new tier goes into an order: below the others, but above one that takes everybody else."""
    if entry == Entry.REST:
        return len(order)
    return next((at for at, one in enumerate(order) if one.entry == Entry.REST), len(order))


def out_of_reach(order: Iterable[Standing]) -> dict[str, str]:
    """Name → the tier above it that takes everybody else, so that nobody is left for its own rule."""
    found: dict[str, str] = {}
    taker = ""
    for one in order:
        if taker:
            found[one.name] = taker
        elif one.entry == Entry.REST:
            taker = one.name
    return found


def reach_in_words(taker: str) -> str:
    """Why nobody comes into a tier; nothing for one that can be reached."""
    return f"Gets nobody: {taker} above takes everybody else." if taker else ""
