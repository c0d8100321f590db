"""A plan to change: one objective, one target, on the account `here`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from accounts.metrics.models import Metric
from playbooks.benchmarks.actions import take_benchmark
from playbooks.plans import actions, content
from playbooks.plans.models import Objective, Plan, Target
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_metric, measure


@dataclass(frozen=True)
class Agreed:
    """What the tests of plans start from: half of a way of 100 days from 40 to 60 users."""

    plan: Plan
    objective: Objective
    target: Target
    metric: Metric


@pytest.fixture
def draft(here: Any) -> Agreed:
    """A draft that could be activated."""
    metric = make_metric("users", is_headline=True)
    measure(here.account, metric, {ago(80): 40})
    benchmark = take_benchmark(here.account, by=BY, on=ago(50))
    plan = actions.create_plan(
        here.account,
        by=BY,
        title="Faster close",
        starts_on=ago(50),
        ends_on=ago(-50),
        owner=here.members["csm"],
        benchmark=benchmark,
    )
    objective = content.add_objective(plan, by=BY, words="Close the books in five days")
    target = content.add_target(
        objective, metric, by=BY, baseline=Decimal(40), value=Decimal(60), starts_on=ago(50), due_on=ago(-50)
    )
    assert ago(0) == TODAY
    plan.refresh_from_db()
    return Agreed(plan, objective, target, metric)


@pytest.fixture
def active(draft: Agreed) -> Agreed:
    """The same, active."""
    actions.activate_plan(draft.plan, by=BY)
    draft.plan.refresh_from_db()
    draft.objective.plan.refresh_from_db()
    return draft
