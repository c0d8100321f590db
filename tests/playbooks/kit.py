"""What the playbooks tests build on: metrics, measurements and a published framework, made by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, settings

from accounts.accounts.models import Account
from accounts.metrics.models import Measurement, Metric
from playbooks.frameworks.actions import create_framework, publish_framework
from playbooks.frameworks.editing import add_behaviour, add_level
from playbooks.frameworks.models import Framework
from tests.kit import BY

# After any real day on which the tests run, so that answers given in them lie in the past.
TODAY = date(2030, 6, 30)


# A busy machine is no reason to fail a property.
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def make_metric(key: str = "users", **fields: Any) -> Metric:
    """A usage metric, up is good."""
    defaults = {"name": key.replace("-", " ").capitalize(), "unit": "users", "aggregation": "users"}
    return Metric.objects.create(key=key, **{**defaults, **fields})


def measure(account: Account, metric: Metric, values: dict[date, Any]) -> None:
    """Current measurements by day."""
    Measurement.objects.bulk_create(
        Measurement(
            account=account,
            metric=metric,
            day=day,
            value=Decimal(str(value)),
            source="events",
            recorded_at=timezone.now(),
        )
        for day, value in values.items()
    )


def ago(days: int) -> date:
    """A day before TODAY."""
    return TODAY - timedelta(days=days)


def make_framework(metric: Metric, *, publish: bool = True, name: str = "Growth") -> Framework:
    """Three levels: users at least 5; users at least 20; an answer."""
    framework = create_framework(by=BY, name=name)
    for number, least in enumerate((5, 20), 1):
        level = add_level(framework, by=BY, name=f"Level {number}")
        add_behaviour(
            level,
            by=BY,
            name=f"Has {least} users",
            evidence="metric",
            metric=metric,
            threshold=Decimal(least),
        )
    top = add_level(framework, by=BY, name="Strategic")
    add_behaviour(top, by=BY, name="Plans ahead", evidence="answer", question="Do they plan ahead with us?")
    return publish_framework(framework, by=BY) if publish else framework
