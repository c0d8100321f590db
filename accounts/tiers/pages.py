"""What the pages about tiers show: plain values, formatted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch

from accounts.tiers.models import DeliveredBy, Entry, Service, ServiceLevel, Tier, TierVersion
from accounts.tiers.ordering import out_of_reach, reach_in_words
from accounts.tiers.queries import Members, own_terms_of, tiers, users_of
from accounts.tiers.templates import ReadyLevel
from accounts.tiers.terms import (
    ONCE,
    Terms,
    cadence,
    hours_a_quarter,
    in_words,
    quarterly_hours,
    terms_of,
    terms_of_tiers,
)
from csworkspace.tenancy.clock import day_in
from csworkspace.tenancy.models import Workspace
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url


@dataclass(frozen=True)
class TierLine:
    """A tier in the list."""

    tier: Tier
    rule: str
    warning: str
    accounts: int
    services: int
    hours: str
    next_change: str


@dataclass(frozen=True)
class LevelLine:
    """What is promised of one service."""

    service: str
    cadence: str
    hours: str
    delivered_by: str
    grace: str
    response: str
    cost: str


@dataclass(frozen=True)
class Difference:
    """What a version changes of one service, as kit/_diff.html prints it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionCard:
    """A version with its levels, and what it changed of the one before."""

    pk: int
    number: int
    span: str
    starts: str
    note: str
    signed: str
    lines: list[LevelLine]
    cost: Decimal
    hours: str
    once: str
    changes: list[Difference]


@dataclass(frozen=True)
class Promises:
    """A tier's versions: the one in effect, those that are planned, and those that are over, newest first."""

    now: VersionCard | None = None
    planned: list[VersionCard] = field(default_factory=list)
    past: list[VersionCard] = field(default_factory=list)


@dataclass(frozen=True)
class ServiceLine:
    """A service of the catalogue, and who uses it."""

    service: Service
    kind: str
    tiers: list[str]
    own_terms: str


def in_hours(hours: Decimal) -> str:
    """16 → "16 h"."""
    return f"{formats.number(hours)}{formats.NBSP}h"


def entry_in_words(tier: Tier, currency: str) -> str:
    """Which accounts belong into a tier: "The fewest accounts that carry 40% of ARR"."""
    if tier.entry == Entry.SHARE and tier.entry_share is not None:
        return f"The fewest accounts that carry {formats.percent(tier.entry_share / 100)} of ARR"
    if tier.entry == Entry.VALUE:
        arr, growth = tier.entry_arr, tier.entry_growth
        parts = [
            *([f"ARR from {formats.money(arr, currency)}"] if arr is not None else []),
            *([f"growth from {formats.percent(growth / 100)} a year"] if growth is not None else []),
        ]
        words = " or ".join(parts)
        return words[:1].upper() + words[1:]
    return str(Entry(tier.entry).label)


def tier_lines(currency: str, today: date) -> list[TierLine]:
    """The tiers in use, the most served first; three queries."""
    promised = terms_of_tiers(today)
    coming = dict(
        TierVersion.objects.filter(starts_on__gt=today)
        .order_by("-starts_on")
        .values_list("tier_id", "starts_on")
    )
    lines, found = [], list(tiers().annotate(account_count=Count("accounts")))
    unreached = out_of_reach(found)
    for tier in found:
        terms = promised.get(tier.pk, {})
        lines.append(
            TierLine(
                tier=tier,
                rule=entry_in_words(tier, currency),
                warning=reach_in_words(unreached.get(tier.name, "")),
                accounts=tier.account_count,
                services=len(terms),
                hours=in_hours(hours_a_quarter(terms.values())) if terms else formats.DASH,
                next_change=times.day(coming.get(tier.pk)),
            )
        )
    return lines


def level_line(terms: Terms | ReadyLevel) -> LevelLine:
    """One row of the table of service levels."""
    cost = quarterly_hours(terms.times, terms.per, terms.hours)
    within = terms.response_hours
    return LevelLine(
        service=terms.service,
        cadence=cadence(terms.times, terms.per),
        hours=in_hours(terms.hours),
        delivered_by=str(DeliveredBy(terms.delivered_by).label),
        grace=formats.plural(terms.grace_days, "day"),
        response="" if within is None else f"answered within {in_hours(within)}",
        cost="once" if terms.per in ONCE else in_hours(cost),
    )


def once_in_words(terms: Iterable[Terms | ReadyLevel]) -> str:
    """The hours that dates of an account bring: "6 h at onboarding, 4 h before each renewal"."""
    found: dict[str, Decimal] = {}
    for one in terms:
        if one.per in ONCE and one.hours:
            words = cadence(1, one.per)
            found[words] = found.get(words, Decimal(0)) + one.hours
    return ", ".join(f"{in_hours(hours)} {words}" for words, hours in sorted(found.items()))


def promises_of(tier: Tier, today: date, workspace: Workspace) -> Promises:
    """Everything that a tier promised, promises, and will; two queries."""
    levels = Prefetch("levels", ServiceLevel.objects.select_related("service").order_by("service__name"))
    versions = list(tier.versions.prefetch_related(levels).order_by("starts_on"))
    now = max((at for at, one in enumerate(versions) if one.starts_on <= today), default=-1)
    cards = [_card(versions, at, workspace) for at in range(len(versions))]
    return Promises(
        now=cards[now] if now >= 0 else None,
        planned=cards[now + 1 :],
        past=cards[: max(now, 0)][::-1],
    )


def _card(versions: Sequence[TierVersion], at: int, workspace: Workspace) -> VersionCard:
    version = versions[at]
    until = versions[at + 1].starts_on - timedelta(days=1) if at + 1 < len(versions) else None
    terms = [terms_of(level) for level in version.levels.all()]
    before = [terms_of(level) for level in versions[at - 1].levels.all()] if at else []
    return VersionCard(
        pk=version.pk,
        number=version.number,
        span=times.day_range(version.starts_on, until) if until else f"since {times.day(version.starts_on)}",
        starts=times.day(version.starts_on),
        note=version.note,
        # A version may begin long before it was written.
        signed=f"Written by {version.actor} on {times.day(day_in(workspace, version.created_at))}",
        lines=[level_line(one) for one in terms],
        cost=hours_a_quarter(terms),
        hours=in_hours(hours_a_quarter(terms)),
        once=once_in_words(terms),
        changes=differences(before, terms) if at else [],
    )


def differences(before: Sequence[Terms], after: Sequence[Terms]) -> list[Difference]:
    """What differs between two versions, service by service, and in hours."""
    old = {one.service: one for one in before}
    new = {one.service: one for one in after}
    changes = []
    for name in sorted(old.keys() | new.keys()):
        texts = (terms_in_short(old.get(name)), terms_in_short(new.get(name)))
        if texts[0] != texts[1]:
            changes.append(Difference(name, *texts))
    hours = (in_hours(hours_a_quarter(before)), in_hours(hours_a_quarter(after)))
    return [*changes, Difference("Hours a quarter", *hours)] if hours[0] != hours[1] else changes


def terms_in_short(terms: Terms | None) -> str:
    """What is promised of a service, in words; "not promised" for none."""
    return in_words(terms) if terms else "not promised"


def catalogue(today: date) -> tuple[list[ServiceLine], list[Service]]:
    """Services in use with who uses them, and the retired ones; three queries."""
    users, own = users_of(today), own_terms_of(today)
    found = list(Service.objects.order_by("name"))
    lines = [
        ServiceLine(
            service=one,
            kind=one.get_kind_display(),
            tiers=users.get(one.pk, []),
            own_terms=formats.plural(own[one.pk], "account") if one.pk in own else "",
        )
        for one in found
        if one.retired_at is None
    ]
    return lines, [one for one in found if one.retired_at is not None]


def stats_of(request: Any, tier: Tier, promises: Promises, members: Members) -> list[dict[str, str]]:
    """The key figures of a tier with these accounts, for kit/_stat.html."""
    now = promises.now
    churned = f"{formats.number(members.churned)} of them churned" if members.churned else ""
    book = f"{workspace_url(request, 'book')}?owner=all&tier={tier.pk}"
    return [
        {
            "label": "Accounts",
            "value": formats.number(members.all),
            "url": book if members.all else "",
            "note": churned,
        },
        {"label": "Services promised", "value": formats.number(len(now.lines) if now else 0)},
        {"label": "An account and quarter", "value": now.hours if now else formats.DASH, "note": "CSM hours"},
        {
            "label": "All its accounts, a quarter",
            "value": in_hours(now.cost * members.served) if now else formats.DASH,
            "note": "CSM hours, without churned accounts" if churned else "CSM hours",
        },
    ]


def facts_of(tier: Tier, currency: str) -> list[dict[str, str]]:
    """What the tier is, for kit/_facts.html."""
    return [
        {"label": "Touch", "value": tier.get_touch_display()},
        {"label": "Belongs in it", "value": entry_in_words(tier, currency)},
        {"label": "Place", "value": "retired" if tier.retired_at else formats.number(tier.position)},
    ]
