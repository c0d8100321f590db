"""Definitions and books of known content."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from accounts.contacts.models import Contact
from accounts.metrics.models import Metric, MetricState
from accounts.revenue.models import CurrencyRate
from accounts.segments.definition import read_definition
from accounts.segments.evaluate import where_of
from accounts.segments.known import Known
from accounts.tiers.models import Tier
from csworkspace.tenancy.clock import today


def condition(field, op, value=None, of=""):
    return {"field": field, "op": op, "value": value, "of": str(of)}


def definition(*conditions, match="all"):
    """One group of these conditions."""
    data = {"match": "all", "groups": [{"match": match, "conditions": list(conditions)}]}
    return read_definition(data)


def found(wanted):
    """The names of the accounts that a definition finds."""
    where, values = where_of(wanted, Known())
    with connection.cursor() as cursor:
        cursor.execute(f"select name from accounts_bookrow row where {where} order by name", values)
        return [name for (name,) in cursor.fetchall()]


def names(*conditions, match="all"):
    return found(definition(*conditions, match=match))


def make_book(world):
    """Six accounts of which each is the only one in some way; Acme, of the world, is bare.

    Ada: top tier, EUR, has children. Bo: of the group, USD, slipping. Cy: churned, no rate.
    Di: never active, overdue renewal. Ed: assessed at level 0.
    """
    day = today()
    top, low = (Tier.objects.create(name=name, position=n) for n, name in enumerate(("Top", "Low"), 1))
    CurrencyRate.objects.create(currency="EUR", since=day, rate=Decimal("1.1"), actor="Test")
    ada = Account.objects.create(
        name="Ada", tier=top, stage="established", owner=world.members["manager"], arr=Decimal(1000),
        currency="EUR", customer_since=day - timedelta(400), renewal_on=day + timedelta(30),
        tags=["vip", "nordic"], attributes={"Region": "North", "seats": 12},
    )  # fmt: skip
    Account.objects.create(
        name="Bo", tier=low, stage="adopting", owner=world.members["csm"], arr=Decimal(500), parent=ada,
        customer_since=day - timedelta(20), renewal_on=day + timedelta(100), tags=["nordic"],
        attributes={"Region": "South"},
    )  # fmt: skip
    Account.objects.create(
        name="Cy", stage="churned", arr=Decimal(800), currency="JPY", attributes={"Region": ""}
    )
    Account.objects.create(name="Di", tier=top, arr=Decimal(0), renewal_on=day - timedelta(3), tags=["100%"])
    Account.objects.create(name="Ed", tier=low, customer_since=day, renewal_on=day)
    refresh_book()
    stand(
        "Ada",
        level=3,
        attention=0,
        plan_status="on_track",
        last_active_on=day,
        services_late=0,
        attainment=90,
    )
    stand("Bo", level=2, attention=40, plan_status="slipping", last_active_on=day - timedelta(40),
          services_late=2, attainment=50, next_owed_on=day + timedelta(5))  # fmt: skip
    stand("Cy", last_active_on=day - timedelta(10), next_owed_on=day - timedelta(1))
    stand("Ed", level=0, attention=100, plan_status="off_track")
    for account, count in (("Ada", 2), ("Bo", 1)):
        of = Account.objects.get(name=account)
        for number in range(count):
            Contact.objects.create(account=of, name=f"Person {number}")
        Contact.objects.create(account=of, name="Gone", left_on=day)


def stand(name, **columns):
    BookRow.objects.filter(name=name).update(**columns)


def measure(metric, **values):
    """States by account: (value, previous)."""
    for name, (value, previous) in values.items():
        MetricState.objects.create(
            account=Account.objects.get(name=name), metric=metric, day=today(), value=value, previous=previous
        )


def make_metric(key="users", **values):
    return Metric.objects.create(key=key, name=values.pop("name", key.title()), **values)
