"""The maturity framework of the demo company."""

from decimal import Decimal
from typing import Any

from accounts.metrics.models import Metric
from csworkspace.audit.actor import Actor
from playbooks.frameworks.actions import create_framework, publish_framework
from playbooks.frameworks.editing import add_behaviour, add_level
from playbooks.frameworks.models import Evidence, Framework
from reports.demo.cast import FEATURES

REVIEWS = "Does the service lead go through the reports with the team at least once a month?"


def used(name: str, group: str, times: int) -> dict[str, Any]:
    """A behaviour shown by using a group of features."""
    return {
        "name": name,
        "evidence": Evidence.FEATURE,
        "features": FEATURES[group],
        "threshold": Decimal(times),
    }


def measured(name: str, metric: str, at_least: int) -> dict[str, Any]:
    """A behaviour shown by a metric; `metric` is its key."""
    return {"name": name, "evidence": Evidence.METRIC, "metric": metric, "threshold": Decimal(at_least)}


LEVELS: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("Digital", "The plan is on the board and not on paper.", [used("Plans on the board", "plan", 10)]),
    (
        "Mobile",
        "Engineers work from the app.",
        [
            used("Completes jobs in the app", "field", 10),
            measured("Five people or more take part", "monthly-users", 5),
        ],
    ),
    (
        "Measured",
        "The team looks at its own numbers.",
        [
            used("Reads utilisation and first-fix reports", "measure", 8),
            {"name": "Reviews the numbers every month", "evidence": Evidence.ANSWER, "question": REVIEWS},
        ],
    ),
    (
        "Automated",
        "Rules do the routine dispatching.",
        [measured("Dispatches by rule", "automated-dispatches", 10)],
    ),
    (
        "Connected",
        "Field and back office share one truth.",
        [used("Exchanges data with the ERP", "connect", 8)],
    ),
]


def publish_maturity(by: Actor) -> None:
    """Write the framework and publish it, unless there is one."""
    if Framework.objects.exists():
        return
    framework = create_framework(
        by=by, name="Field service maturity", description="How far a service team has come from paper."
    )
    metrics = {metric.key: metric for metric in Metric.objects.all()}
    for name, description, behaviours in LEVELS:
        level = add_level(framework, by=by, name=name, description=description)
        for behaviour in behaviours:
            fields = dict(behaviour)
            if "metric" in fields:
                fields["metric"] = metrics[fields["metric"]]
            add_behaviour(level, by=by, **fields)
    publish_framework(framework, by=by)
