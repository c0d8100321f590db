"""An account with a framework, a plan, measurements and events, in the database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from accounts.imports.models import Batch, BatchKind
from accounts.metrics.models import Measurement, Metric
from accounts.usage.models import Event
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.models import Behaviour, Framework, Level
from playbooks.plans.models import Objective, Plan, Practice, Revision, Target

START, DUE = date(2026, 7, 1), date(2026, 12, 31)
PARTITION = "select ensure_event_months(%s, %s)"
NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)


def make_metric(**changes: Any) -> Metric:
    """Distinct users in 28 days, the headline."""
    values = {
        "key": "active-users",
        "name": "Monthly active users",
        "unit": "users",
        "aggregation": "users",
        "is_headline": True,
    }
    return Metric.objects.create(**{**values, **changes})


def measure(account: Account, metric: Metric, days: dict[date, int]) -> None:
    """Measurements from events."""
    Measurement.objects.bulk_create(
        Measurement(
            account=account,
            metric=metric,
            day=day,
            value=Decimal(value),
            source="events",
            recorded_at=timezone.now(),
        )
        for day, value in days.items()
    )


def make_events(account: Account, day: date, people: int, feature: str = "report.view") -> None:
    """One event of each of so many people on a day, in a batch of its own."""
    batch = Batch.objects.create(kind=BatchKind.EVENTS, source=f"{feature}-{day}.ndjson", actor="Test")
    with connection.cursor() as cursor:
        cursor.execute(PARTITION, [day, day])
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    for number in range(people):
        Event.objects.create(
            batch_id=batch.pk,
            account=account,
            account_key="domain:acme.example",
            event_id=f"{account.pk}-{feature}-{day}-{number}",
            user_key=f"person{number}@acme.example",
            user_name=f"Person {number}",
            feature=feature,
            quantity=1,
            occurred_at=at,
            received_at=at,
            recorded_at=at + timedelta(hours=1),
        )


def make_framework() -> Framework:
    """Three levels: reading by anybody, by five uses, and never."""
    framework = Framework.objects.create(name="Reading", status="active")
    for position, (name, threshold) in enumerate([("Begun", 1), ("Regular", 5), ("Everywhere", 500)], 1):
        level = Level.objects.create(framework=framework, position=position, name=name)
        Behaviour.objects.create(
            level=level,
            position=1,
            name=f"Reports are read {threshold} times",
            evidence="feature",
            features=["report.*"],
            threshold=threshold,
        )
    return framework


def make_plan(account: Account, metric: Metric, **changes: Any) -> Plan:
    """A plan from July to December with one objective, one target, and steps done and open."""
    contact = Contact.objects.create(account=account, name="Tomas Berg")
    values = {"title": "One truth", "state": "active", "customer_owner": contact, "owner": account.owner}
    plan = Plan.objects.create(account=account, starts_on=START, ends_on=DUE, **{**values, **changes})
    words = Objective.objects.create(account=account, plan=plan, position=1, words="Same numbers for all.")
    Target.objects.create(
        account=account,
        objective=words,
        metric=metric,
        baseline=100,
        starts_on=START,
        value=200,
        due_on=DUE,
        checkpoints=[{"on": "2026-11-01", "value": "180"}],
    )
    done = {"title": "Train the managers", "done_on": date(2026, 8, 3), "contact": contact}
    late = {"title": "Connect the warehouse", "due_on": date(2026, 9, 12), "owner": account.owner}
    for practice in (done, late):
        Practice.objects.create(account=account, plan=plan, **practice)
    Revision.objects.create(account=account, plan=plan, number=1, reason="Two stores joined.", actor="Test")
    Revision.objects.filter(plan=plan).update(revised_at=datetime(2026, 8, 20, 8, tzinfo=UTC))
    return plan


def make_story(account: Account) -> Plan:
    """Everything a report of 2026-Q3 tells, with numbers that are easy to check."""
    metric = make_metric()
    framework = make_framework()
    plan = make_plan(account, metric, shared_at=NOW)
    Benchmark.objects.create(
        account=account,
        number=1,
        taken_on=START,
        framework=framework,
        level=1,
        evidence=[{"name": "Reports are read 1 times", "holds": True}],
        actor="Test",
    )
    measure(account, metric, {date(2026, 6, 20): 90, date(2026, 7, 1): 100, date(2026, 9, 28): 150})
    make_events(account, date(2026, 5, 4), 2)
    make_events(account, date(2026, 9, 28), 6)
    return plan
