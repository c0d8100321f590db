"""Measures of the plan and of maturity, against arithmetic in plain Python."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.accounts.models import Account
from playbooks.frameworks.models import Assessment, Behaviour
from playbooks.indicators.evaluating import Known
from playbooks.indicators.measures import Told
from playbooks.indicators.measures_plan import plan_said
from playbooks.indicators.naming import Names
from playbooks.plans.models import Target
from tests.playbooks.indicators.makers import TODAY, ago, at, judge, make_indicator, make_plan, said
from tests.playbooks.kit import make_framework, make_metric, measure


@pytest.mark.parametrize(
    ("checkpoints", "expected"),
    [
        ([], 30),
        ([{"on": TODAY.isoformat(), "value": "22"}], 22),
        ([{"on": ago(10).isoformat(), "value": "14"}], 20),
    ],
)
def test_plan_target_follows_the_path_of_the_plan(here, checkpoints, expected):
    metric = make_metric()
    make_plan(here.account, metric, checkpoints=checkpoints)
    measure(here.account, metric, {ago(40): 12})
    indicator = make_indicator("plan_target")
    found = judge(indicator)
    target = Target.objects.get()
    from playbooks.plans.progress import expected as path

    agreed = path(target.baseline, target.value, target.starts_on, target.due_on, TODAY, target.stops)
    assert found.compared == round(agreed, 6) == expected
    assert found.tested == round((agreed - 12) * 100 / 40, 2)
    assert found.holds is True
    assert said(indicator, here.account).startswith("Users is 12\u00a0users where the plan expected")


def test_plan_target_for_days_takes_the_best_of_the_weekly_looks(here):
    metric = make_metric()
    make_plan(here.account, metric)
    measure(here.account, metric, {ago(40): 10, ago(14): 24, ago(7): 10})
    # 14 days ago 24.4 were expected, and 24 were there: one point behind.
    indicator = make_indicator("plan_target", {"days": 14}, begins="1", ends="1")
    assert judge(indicator).tested == 1
    # What is said is of today, as the values beside it.
    assert said(indicator, here.account).endswith("where the plan expected 30\u00a0users by now")
    assert judge(make_indicator("plan_target", {"days": 7})).tested == Decimal("43.00")
    assert judge(make_indicator("plan_target", {"days": 0})).tested == 50


@pytest.mark.parametrize(("direction", "value", "behind"), [("down", 0, 0), ("down", 1, 100), ("up", 1, 0)])
def test_a_target_to_hold_at_nothing_is_held_or_not(here, direction, value, behind):
    metric = make_metric(direction=direction)
    make_plan(here.account, metric, baseline=0, value=0)
    measure(here.account, metric, {ago(1): value})
    found = judge(make_indicator("plan_target"))
    assert (found.tested, found.holds) == (behind, behind == 100)


def assess(account: Account, framework: Any, holds: bool, since: int, until: int | None) -> None:
    """An assessment whose first behaviour holds or does not."""
    behaviour = Behaviour.objects.get(name="Has 5 users")
    Assessment.objects.create(
        account=account,
        framework=framework,
        level=int(holds),
        evidence=[{"lineage": str(behaviour.lineage), "name": behaviour.name, "holds": holds}],
        assessed_at=at(ago(since)),
        superseded_at=None if until is None else at(ago(until)),
    )


def test_behaviour_lost_within_days(here):
    framework = make_framework(make_metric())
    Account.objects.update(created_at=at(ago(200)))
    assess(here.account, framework, True, 100, 20)
    assess(here.account, framework, False, 20, None)
    indicator = make_indicator("behaviour_lost")
    found = judge(indicator)
    assert (found.value, found.holds, found.detail) == (1, True, {"names": ["Has 5 users"]})
    assert said(indicator, here.account) == "They no longer do “Has 5 users”"
    assert judge(make_indicator("behaviour_lost", {"days": 14})).holds is False
    assert judge(indicator, day=ago(30), known=Known.RECORDED).holds is False
    assert judge(indicator, day=ago(120), known=Known.RECORDED).detail == {
        "why": "The account had not been assessed."
    }


def test_behaviour_not_reached_by_a_day(here):
    framework = make_framework(make_metric())
    Account.objects.update(customer_since=ago(70))
    assess(here.account, framework, False, 20, None)
    lineage = str(Behaviour.objects.get(name="Has 5 users").lineage)
    found = judge(make_indicator("behaviour_by_day", {"behaviour": lineage}))
    assert (found.value, found.holds) == (70, True)
    Assessment.objects.update(evidence=[{"lineage": lineage, "name": "Has 5 users", "holds": True}])
    assert judge(make_indicator("behaviour_by_day", {"behaviour": lineage})).value == 0


@pytest.mark.parametrize(
    ("value", "expected", "words"),
    [
        ("8", "37.47", "37"),
        ("5", "5.64", "5.6"),
        ("11", "11.23", "11.2"),
        ("4.5", "12.34", "12.3"),
        ("3", "3", "3"),
    ],
)
def test_what_was_expected_is_as_exact_as_what_was_measured(value, expected, words):
    said = plan_said(Told({}, Names(), TODAY, Decimal(value), Decimal(expected), {"gap": 5}))
    assert said["expected"] == words
