"""The statement of what is owed against its rule, told day by day."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.accounts.models import Account
from accounts.tiering.queries import overrides_on, tiers_on
from accounts.tiers.models import Per
from accounts.tiers.terms import terms_of_tiers
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import parts_between
from playbooks.services.wanted import BACKFILL_DAYS
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import (
    UNTIL,
    generate,
    make_service,
    make_tier,
    onboarding_part,
    override,
    place,
    promise,
    renewal_part,
)


def promised(day, account, service):
    """The terms on a day as the day-by-day queries tell them, and the tier they come from."""
    if account.customer_since > day:
        return None, None
    own = overrides_on(day, [account.pk]).get(account.pk, {})
    if service.pk in own:
        return own[service.pk], None
    tier = tiers_on(day, [account.pk]).get(account.pk)
    terms = terms_of_tiers(day).get(tier or 0, {}).get(service.pk)
    return terms, tier if terms else None


def slots(terms_seen, account):
    """All parts of all cadences that could be owed."""
    for per, times in terms_seen:
        if per == Per.ONBOARDING:
            yield per, times, onboarding_part(account.customer_since)
        elif per == Per.RENEWAL:
            yield per, times, renewal_part(account.renewal_on)
        else:
            since = TODAY - timedelta(days=BACKFILL_DAYS)
            yield from ((per, times, part) for part in parts_between(per, times, since, UNTIL))


def owed_day_by_day(account, service, terms_seen):
    """PROMISE_RULE, word by word."""
    found = set()
    for per, times, part in slots(terms_seen, account):
        for day in (part.promised_on, part.starts_on, part.middle):
            terms, tier = promised(day, account, service)
            if terms:
                break
        begins = TODAY - timedelta(days=BACKFILL_DAYS) <= part.ends_on and part.starts_on <= UNTIL
        if terms and begins and (terms.per, terms.times) == (per, times):
            found.add((part.key, part.starts_on, part.ends_on, terms.hours, terms.grace_days, tier))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_the_statement_agrees_with_the_rule_day_by_day(here, seed):
    chance = random.Random(seed)
    cadences = [
        ("quarter", 1),
        ("month", 1),
        ("quarter", 2),
        ("half_year", 1),
        ("onboarding", 1),
        ("renewal", 1),
    ]
    services = [make_service(f"Service {n}", "other") for n in range(2)]
    tiers = [make_tier(f"Tier {n}", n + 1) for n in range(2)]
    Account.objects.update(customer_since=ago(chance.randrange(60)), renewal_on=ago(-chance.randrange(120)))
    here.account.refresh_from_db()
    for tier in tiers:
        for number, days in enumerate(sorted(chance.sample(range(-20, 420), 3), reverse=True), 1):
            picked = [(s, *chance.choice(cadences)[::-1]) for s in services if chance.random() < 0.8]
            promise(tier, ago(days), picked, number, hours=Decimal(number), grace_days=number)
    for days in sorted(chance.sample(range(-20, 420), 3), reverse=True):
        place(here.account, chance.choice([*tiers, None]), ago(days))
    for service in services:
        for days in chance.sample(range(-20, 420), 2):
            per, times = chance.choice(cadences)
            until = chance.choice([None, ago(days - chance.randrange(200))])
            override(
                here,
                service,
                ago(days),
                until,
                per=per,
                times=times,
                hours=Decimal(9),
                is_owed=chance.random() < 0.7,
            )
    generate()
    for service in services:
        rows = ServiceOccurrence.objects.filter(service=service).values_list(
            "period", "starts_on", "due_on", "hours", "grace_days", "tier_id"
        )
        assert set(rows) == owed_day_by_day(here.account, service, cadences)
