"""What tiers promise on a day: plain values for everything that counts with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.tiers.models import DeliveredBy, Per, Promise, ServiceLevel, TierVersion
from csworkspace.web import formats

# Spans of each kind in a quarter of 13 weeks; onboarding and renewal count by their dates instead.
IN_A_QUARTER = {
    Per.WEEK: Decimal(13),
    Per.MONTH: Decimal(3),
    Per.QUARTER: Decimal(1),
    Per.HALF_YEAR: Decimal("0.5"),
    Per.YEAR: Decimal("0.25"),
}
ONCE = frozenset({Per.ONBOARDING, Per.RENEWAL})


@dataclass(frozen=True)
class Terms:
    """How often a service is owed, at how many hours each time, by whom; see `models.Promise`."""

    service_id: int
    service: str
    kind: str
    times: int
    per: str
    hours: Decimal
    delivered_by: str
    grace_days: int
    response_hours: Decimal | None

    @property
    def hours_a_quarter(self) -> Decimal:
        """CSM hours that the cadence costs per account and quarter; 0 for what happens once."""
        return quarterly_hours(self.times, self.per, self.hours)


def quarterly_hours(times: int, per: str, hours: Decimal) -> Decimal:
    """times × hours × spans in a quarter (13 weeks, 3 months); 0 for onboarding and renewal.

    For example 2 a month at 1.5 h: 2 × 1.5 × 3 = 9 h a quarter.
    """
    return times * hours * IN_A_QUARTER.get(Per(per), Decimal(0))


def hours_a_quarter(terms: Iterable[Terms]) -> Decimal:
    """CSM hours per account and quarter of all services together, without those that happen once."""
    return sum((one.hours_a_quarter for one in terms), Decimal(0))


def cadence(times: int, per: str) -> str:
    """How often, in words: "1 a quarter", "2 a month", "at onboarding"."""
    words = str(Per(per).label)
    return words if per in ONCE else f"{formats.number(times)} {words}"


def in_words(terms: Terms) -> str:
    """Everything that is promised of a service: "1 a quarter, 8 h, person, 14 days of grace"."""
    parts = [
        cadence(terms.times, terms.per),
        f"{formats.number(terms.hours)} h",
        str(DeliveredBy(terms.delivered_by).label).lower(),
        f"{formats.plural(terms.grace_days, 'day')} of grace",
    ]
    if terms.response_hours is not None:
        parts.append(f"answer within {formats.number(terms.response_hours)} h")
    return ", ".join(parts)


def next_quarter(day: date) -> date:
    """The first day of the calendar quarter after the one of `day`: 14 Mar 2026 → 1 Apr 2026."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + 1, 1, 1) if month > 12 else date(day.year, month, 1)


def words_by_service(terms: Iterable[Terms]) -> dict[str, str]:
    """Service → what is promised of it, in words."""
    return {one.service: in_words(one) for one in terms}


def terms_of(promise: Promise) -> Terms:
    """The terms of a service level or an override; its service must be loaded."""
    return Terms(
        service_id=promise.service_id,
        service=promise.service.name,
        kind=promise.service.kind,
        times=promise.times,
        per=promise.per,
        hours=promise.hours,
        delivered_by=promise.delivered_by,
        grace_days=promise.grace_days,
        response_hours=promise.response_hours,
    )


def terms_of_tiers(on: date) -> dict[int, dict[int, Terms]]:
    """Tier id → service id → terms, of the versions in effect on a day; one query."""
    in_effect = (
        TierVersion.objects.filter(starts_on__lte=on).order_by("tier_id", "-starts_on").distinct("tier_id")
    )
    levels = ServiceLevel.objects.select_related("service", "version").filter(
        version__in=in_effect.values("pk")
    )
    found: dict[int, dict[int, Terms]] = {}
    for level in levels.order_by("service__name", "id"):
        found.setdefault(level.version.tier_id, {})[level.service_id] = terms_of(level)
    return found
