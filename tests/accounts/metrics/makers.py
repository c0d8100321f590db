"""Events as a product sends them, and measuring them at once."""

import json
from datetime import date
from typing import Any

from django.db import transaction

from accounts.accounts.models import Account, AccountDomain
from accounts.imports.models import Batch
from accounts.metrics.measuring import measure_touched
from accounts.metrics.models import Metric
from accounts.usage.actions import ingest_events
from tests.kit import BY

DOMAIN = "acme.example"


def give_domain(account: Account, domain: str = DOMAIN) -> None:
    """The domain by which events find the account."""
    AccountDomain.objects.create(account=account, domain=domain, is_main=True)


def event(
    number: int, day: date, who: str = "ann", feature: str = "jobs.plan", **fields: Any
) -> dict[str, Any]:
    """One event, at nine o'clock UTC; `who` may be a whole address, or nobody."""
    email = who if "@" in who or not who else f"{who}@{DOMAIN}"
    return {
        "event_id": f"e{number}",
        "occurred_at": f"{day}T09:00:00Z",
        "user_email": email,
        "feature": feature,
        **fields,
    }


def send(*events: dict[str, Any]) -> Batch:
    """Take events in as one call of the API does."""
    return ingest_events([json.dumps(one).encode() for one in events], by=BY)[0]


def measure_all() -> None:
    """Measure what was touched."""
    measure_touched(transaction.atomic, BY)


def users(**fields: Any) -> Metric:
    """Distinct users in 28 days, the headline, not announced to any job."""
    values = {"key": "users", "name": "Monthly users", "unit": "people", "aggregation": "users"}
    return Metric.objects.create(**{"is_headline": True, **values, **fields})
