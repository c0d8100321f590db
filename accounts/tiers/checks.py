"""What tiers and their terms may not be; each refusal is a sentence that says what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.tiers.models import DeliveredBy, Entry, Per, Service, ServiceKind, Tier, TierVersion
from accounts.tiers.terms import ONCE, Terms
from csworkspace.web import times

# What a person may change of a tier.
FIELDS = ["name", "description", "colour", "touch", "entry", "entry_share", "entry_arr", "entry_growth"]
# What a person may change of a service.
SERVICE_FIELDS = ["name", "kind", "description"]
MOST_TIMES = 100
MOST_HOURS = Decimal(1000)
MOST_GRACE = 365
MOST_ARR = Decimal(10) ** 11
MOST_GROWTH = Decimal(10_000)


class TermsRefused(ValueError):
    """Terms that cannot be promised, or not from that day on."""


class TierRefused(ValueError):
    """A tier cannot be like this; `field` is the one to change, "" when it is none in particular."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TierInUse(TierRefused):
    """A tier with accounts in it, or on their way into it, cannot be removed."""


def check_terms(terms: Sequence[Terms], services: Mapping[int, Service]) -> None:
    """Raise TermsRefused unless every service is known, in use, named once, and possible to keep."""
    seen: set[int] = set()
    for one in terms:
        service = services.get(one.service_id)
        if service is None:
            raise TermsRefused(f"There is no service {one.service or 'of that kind'} in the catalogue.")
        if service.retired_at:
            raise TermsRefused(f"{service.name} is retired. Bring it back in the catalogue, or leave it out.")
        if service.pk in seen:
            raise TermsRefused(f"{service.name} is there twice. Keep one row of it.")
        seen.add(service.pk)
        if problem := problem_of(one, service):
            raise TermsRefused(f"{service.name}: {problem}")


def fitted(terms: Sequence[Terms], services: Mapping[int, Service]) -> list[Terms]:
    """The terms with the services' names and kinds, or TermsRefused.

    Only a response time keeps its response hours.
    """
    check_terms(terms, services)
    made = []
    for one in terms:
        service = services[one.service_id]
        within = one.response_hours if service.kind == ServiceKind.RESPONSE else None
        made.append(replace(one, service=service.name, kind=service.kind, response_hours=within))
    return made


def problem_of(terms: Terms, service: Service) -> str:
    """What is wrong with the terms of one service, as a sentence; "" when nothing is."""
    problem = cadence_problem(terms) or hours_problem(terms) or grace_problem(terms)
    return problem or response_problem(terms, service.kind)


def cadence_problem(terms: Terms) -> str:
    """A cadence that is no cadence."""
    if terms.per not in Per.values:
        return "choose how often it happens."
    if not 1 <= terms.times <= MOST_TIMES:
        return f"a cadence is 1 to {MOST_TIMES} times."
    if terms.per in ONCE and terms.times != 1:
        return f"{Per(terms.per).label} means once; write 1."
    return ""


def hours_problem(terms: Terms) -> str:
    """Hours or a deliverer that cannot be."""
    if not 0 <= terms.hours <= MOST_HOURS:
        return f"hours are from 0 to {MOST_HOURS:,}."
    return "" if terms.delivered_by in DeliveredBy.values else "choose who delivers it."


def grace_problem(terms: Terms) -> str:
    """Grace that is none."""
    return "" if 0 <= terms.grace_days <= MOST_GRACE else f"grace is from 0 to {MOST_GRACE} days."


def response_problem(terms: Terms, kind: str) -> str:
    """A response time needs its hours."""
    if kind != ServiceKind.RESPONSE:
        return ""
    if terms.response_hours is None:
        return "say within how many hours."
    return "" if 0 < terms.response_hours <= MOST_HOURS else f"a response takes up to {MOST_HOURS:,} hours."


def check_start(newest: TierVersion | None, starts_on: date, today: date) -> None:
    """Raise TermsRefused when terms cannot begin on this day.

    The first version of a tier may begin at any time. Later ones begin today or later, after the
    newest; on the same day they replace it, as nothing was owed under it before.
    """
    if newest is None:
        return
    if starts_on < newest.starts_on:
        raise TermsRefused(
            f"Version {newest.number} begins on {times.day(newest.starts_on)}, and versions cannot overlap. "
            f"Choose that day to replace it, a later day to follow it, or remove it first."
            if newest.starts_on > today
            else f"Version {newest.number} holds since {times.day(newest.starts_on)}. "
            f"Choose a later day: what was owed before stays as it was."
        )
    if starts_on < today:
        raise TermsRefused(
            f"{times.day(starts_on)} is over. Choose today or a later day: "
            f"what was owed before stays as it was."
        )


def clean_fields(tier: Tier, fields: Mapping[str, Any]) -> dict[str, Any]:
    """All of FIELDS as they would be after a change. Raises TierRefused."""
    values = {**{name: getattr(tier, name) for name in FIELDS}, **fields}
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"a tier has no {', '.join(sorted(unknown))}")
    return {**values, **check_entry(values)}


def check_entry(values: Mapping[str, Any]) -> dict[str, Any]:
    """The thresholds that an entry rule uses, the others empty. Raises TierRefused when out of range."""
    kept: dict[str, Any] = {"entry_share": None, "entry_arr": None, "entry_growth": None}
    share, arr, growth = (values.get(name) for name in kept)
    if values["entry"] == Entry.SHARE:
        if share is None or not 1 <= share <= 100:
            raise TierRefused("Write a share from 1 to 100 percent.", "entry_share")
        kept["entry_share"] = share
    if values["entry"] == Entry.VALUE:
        if arr is None and growth is None:
            raise TierRefused("Write an ARR, a growth, or both.", "entry_arr")
        if arr is not None and not 0 < arr <= MOST_ARR:
            raise TierRefused(f"ARR must be more than 0 and at most {MOST_ARR:,}.", "entry_arr")
        if growth is not None and not 0 < growth <= MOST_GROWTH:
            raise TierRefused(
                f"Growth must be more than 0 and at most {MOST_GROWTH:,} percent.", "entry_growth"
            )
        kept |= {"entry_arr": arr, "entry_growth": growth}
    return kept
