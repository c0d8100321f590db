"""What the demo companies promise to their tiers, and since when their accounts are in them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from accounts.accounts.models import Account
from accounts.tiering.models import TierPlacement
from accounts.tiers.actions import apply_template, ensure_service, set_terms
from accounts.tiers.models import DeliveredBy, Per, ServiceKind, Tier
from accounts.tiers.queries import levels_of, newest_version
from accounts.tiers.terms import Terms, next_quarter
from csworkspace.audit.actor import Actor

A_YEAR = timedelta(days=365)


def promise_services(today: date, by: Actor) -> None:
    """The three-tier template for a year now, and one change that is planned for the next quarter."""
    if apply_template("three-tiers", by=by, starts_on=today - A_YEAR):
        plan_change(Tier.objects.get(name="Leveraged"), today, by)
    date_placements(today)


def plan_change(tier: Tier, today: date, by: Actor) -> None:
    """A little more time for health checks from the next quarter on."""
    version = newest_version(tier)
    terms = [
        replace(one, hours=Decimal(1)) if one.kind == ServiceKind.HEALTH else one
        for one in (levels_of(version) if version else [])
    ]
    note = "Health checks took longer than planned."
    set_terms(tier, by=by, starts_on=next_quarter(today), terms=terms, note=note)


def promise_otherwise(today: date, by: Actor) -> None:
    """The second company promises other things to tiers of the same names."""
    for name, times, hours in (("Top", 1, "3"), ("Leveraged", 2, "1.25")):
        tier = Tier.objects.get(name=name)
        if newest_version(tier) is None:
            service = ensure_service("Account review", ServiceKind.QBR, by=by)
            terms = Terms(
                service_id=service.pk,
                service=service.name,
                kind=service.kind,
                times=times,
                per=Per.HALF_YEAR,
                hours=Decimal(hours),
                delivered_by=DeliveredBy.PERSON,
                grace_days=21,
                response_hours=None,
            )
            set_terms(tier, by=by, starts_on=today - A_YEAR, terms=[terms])
    date_placements(today)


def date_placements(today: date) -> None:
    """Let the accounts be in their first tier since they are customers, not since the demo was built."""
    first = TierPlacement.objects.order_by("account_id", "since", "id").distinct("account_id")
    since = dict(Account.objects.values_list("pk", "customer_since"))
    for placement in first:
        day = since[placement.account_id] or today - A_YEAR
        if placement.since > day:
            TierPlacement.objects.filter(pk=placement.pk).update(since=day)
