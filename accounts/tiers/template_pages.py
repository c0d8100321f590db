"""What the pages about ready sets of tiers show."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.tiers.models import Service, Tier
from accounts.tiers.ordering import out_of_reach, reach_in_words
from accounts.tiers.pages import LevelLine, entry_in_words, in_hours, level_line, once_in_words
from accounts.tiers.queries import tiers
from accounts.tiers.starting import Planned, coming_order, plan_template
from accounts.tiers.templates import ReadySet, ReadyTier


@dataclass(frozen=True)
class ReadyCard:
    """A ready set in the list of templates."""

    key: str
    name: str
    description: str
    tiers: Sequence[tuple[ReadyTier, str]]


@dataclass(frozen=True)
class PreviewTier:
    """One tier that a template would make, complete, or leave alone."""

    name: str
    colour: str
    description: str
    touch: str
    rule: str
    fate: str
    warning: str
    is_kept: bool
    hours: str
    once: str
    lines: list[LevelLine]


@dataclass(frozen=True)
class Preview:
    """Everything that a template would make."""

    tiers: list[PreviewTier]
    order: list[str]
    new_services: list[str]
    is_done: bool


def ready_card(template: ReadySet) -> ReadyCard:
    """A set with each tier and its hours."""
    tiers = [(tier, in_hours(tier.hours_a_quarter)) for tier in template.tiers]
    return ReadyCard(template.key, template.name, template.description, tiers)


def preview(template: ReadySet, currency: str) -> Preview:
    """What accepting a template would make now; four queries."""
    plan = plan_template(template)
    order = coming_order(list(tiers()), plan)
    unreached = {name.casefold(): taker for name, taker in out_of_reach(order).items()}
    known = {
        name.casefold() for name in Service.objects.filter(retired_at=None).values_list("name", flat=True)
    }
    wanted = dict.fromkeys(level.service for one in plan if not one.is_kept for level in one.ready.levels)
    return Preview(
        tiers=[_preview_tier(one, currency, unreached.get(one.key, "")) for one in plan],
        order=[one.name for one in order],
        new_services=sorted(name for name in wanted if name.casefold() not in known),
        is_done=all(one.is_kept and not one.is_new for one in plan),
    )


def _preview_tier(planned: Planned, currency: str, taker: str) -> PreviewTier:
    ready = planned.ready
    shown = Tier(name=ready.name, touch=ready.touch, entry=ready.entry)
    shown.entry_share, shown.entry_arr, shown.entry_growth = (
        ready.entry_share,
        ready.entry_arr,
        ready.entry_growth,
    )
    return PreviewTier(
        name=ready.name,
        colour=ready.colour,
        description=ready.description,
        touch=shown.get_touch_display(),
        rule=entry_in_words(shown, currency),
        fate=fate_of(planned),
        warning=reach_in_words(taker),
        is_kept=planned.is_kept,
        hours=in_hours(ready.hours_a_quarter),
        once=once_in_words(ready.levels),
        lines=[level_line(one) for one in ready.levels],
    )


def fate_of(planned: Planned) -> str:
    """What would become of the tier, as a sentence."""
    if planned.is_new:
        return "Will be brought back" if planned.tier else "Will be added"
    return "Stays as it is: it promises something already" if planned.is_kept else "Gets these service levels"
