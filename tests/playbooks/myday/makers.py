"""Things that a day is made of."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from accounts.tiers.models import DeliveredBy, Service
from playbooks.plans import actions, content
from playbooks.plans.models import Plan
from playbooks.services.models import ServiceOccurrence
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY, ago


def owe(account: Account, days: int, name: str = "QBR", grace: int = 0, **fields: Any) -> ServiceOccurrence:
    """A service owed to the account, due so many days from TODAY (negative: before)."""
    service, _ = Service.objects.get_or_create(name=name)
    due_on = TODAY + timedelta(days=days)
    values = {
        "owner": account.owner,
        "period": f"{name} {days}",
        "starts_on": due_on - timedelta(days=30),
        "due_on": due_on,
        "grace_days": grace,
        "missed_after": due_on + timedelta(days=90),
        "hours": Decimal(2),
        "delivered_by": DeliveredBy.PERSON,
    }
    return ServiceOccurrence.objects.create(account=account, service=service, **{**values, **fields})


def follow_plan(account: Account, metric: Any, *, active: bool = True) -> Plan:
    """A plan half of whose way from 40 to 60 should be done by TODAY."""
    plan = actions.create_plan(
        account, by=BY, title="Growth", starts_on=ago(50), ends_on=ago(-50), owner=account.owner
    )
    objective = content.add_objective(plan, by=BY, words="More users")
    terms = {"baseline": Decimal(40), "value": Decimal(60), "starts_on": ago(50), "due_on": ago(-50)}
    content.add_target(objective, metric, by=BY, **terms)
    if active:
        actions.activate_plan(plan, by=BY)
    return plan


def in_book(account: Account, **columns: Any) -> None:
    """What the account's row in the book says."""
    BookRow.objects.filter(account=account).update(**columns)


def ask(here, role="csm", query="", **headers):
    return client_of(here.members[role]).get(here.url(f"day/{query}"), headers=headers)


def listed(response):
    """Heading → (account, reason, label of the step)."""
    return {
        part.heading: [(row.account, row.item.reason, row.item.step.label) for row in part.rows]
        for part in response.context["parts"]
    }


def reasons(response):
    return [row.item.reason for part in response.context["parts"] for row in part.rows]


def figures(response):
    return {figure["label"]: figure["value"] for figure in response.context["figures"]}
