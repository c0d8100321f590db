"""What ends a signal without being a recovery: time, taking back, leaving the ranks of those asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.news.actions import remove_news
from accounts.news.models import News
from playbooks.frameworks.models import Assessment
from playbooks.indicators.actions import keep_readings
from playbooks.indicators.models import Reading
from playbooks.plans.models import Plan
from playbooks.playbooks.conditions import read_condition
from playbooks.playbooks.judging import Span, days_reached
from playbooks.recommendations.models import Recommendation
from playbooks.recommendations.uptake import expire_late
from playbooks.scores.computing import recompute_scores
from playbooks.services.models import ServiceOccurrence
from playbooks.signals.models import Signal
from playbooks.signals.reconciling import reconcile_signals
from tests.kit import BY
from tests.playbooks.indicators.makers import TODAY, ago, at, make_indicator, make_plan
from tests.playbooks.kit import make_framework, make_metric, measure
from tests.playbooks.scores.kit import of, weigh
from tests.playbooks.services.kit import make_occurrence, make_service


def look(on=TODAY):
    """Indicators are evaluated, and signals follow."""
    keep_readings(None, by=BY)
    reconcile_signals(list(Account.objects.values_list("pk", flat=True)), by=BY, on=on)


def ends():
    return list(Signal.objects.order_by("pk").values_list("state", "outcome", "outcome_note"))


def said(signal):
    """The day on which its play would count as a success by it, if it began when it was raised."""
    span = Span(signal.account_id, signal.raised_on, TODAY + timedelta(days=30), signal.pk)
    return days_reached(read_condition({"kind": "signal", "is": "recovered"}), [span], [span.until])[0]


def test_advice_that_ran_out_was_not_taken(here, elsewhere):
    Recommendation.objects.create(
        account=here.account, title="Turn it on", shared_at=at(ago(45)), due_on=ago(15), actor="Test"
    )
    indicator = make_indicator("recommendation_ignored")
    look()
    signal = Signal.objects.get()
    assert expire_late(TODAY, by=BY)
    look()
    signal.refresh_from_db()
    assert (signal.outcome, signal.outcome_note) == (
        "expired",
        "It ran out or was taken back without an answer since 28 Jun 2024.",
    )
    assert said(signal) is None
    model = weigh(of(indicator, 10))
    assert recompute_scores([here.account.pk], TODAY, model, None)[here.account.pk].score is None


def test_advice_that_was_answered_has_recovered(here):
    advice = Recommendation.objects.create(
        account=here.account, title="Turn it on", shared_at=at(ago(45)), due_on=ago(15), actor="Test"
    )
    make_indicator("recommendation_ignored")
    look()
    Recommendation.objects.filter(pk=advice.pk).update(
        state="taken_up", answered_at=at(ago(0)), closed_at=at(ago(0)), taken_up_on=ago(0)
    )
    look()
    assert ends() == [("resolved", "recovered", "It does not hold any more since 28 Jun 2024.")]


def assess(here, lineage, holds, since, until=None):
    return Assessment.objects.create(
        account=here.account,
        framework=here.framework,
        level=0,
        evidence=[{"lineage": lineage, "name": "Plans ahead", "holds": holds}],
        assessed_at=at(since),
        superseded_at=at(until) if until else None,
    )


@pytest.mark.parametrize(
    ("comes_back", "outcome", "score"), [(False, "expired", None), (True, "recovered", 100)]
)
def test_a_behaviour_that_stays_lost_has_not_come_back(here, comes_back, outcome, score):
    framework = make_framework(make_metric("u2"))
    lineage = str(framework.levels.first().behaviours.first().lineage)
    object.__setattr__(here, "framework", framework)
    held = assess(here, lineage, True, ago(60), ago(20))
    lost = assess(here, lineage, False, ago(20))
    indicator = make_indicator("behaviour_lost")
    look()
    assert ends() == [("open", "", "")]
    if comes_back:
        Assessment.objects.filter(pk=lost.pk).update(superseded_at=timezone.now())
        assess(here, lineage, True, TODAY)
    else:
        # As if all of it had happened longer ago than the indicator looks.
        Assessment.objects.filter(pk=held.pk).update(assessed_at=at(ago(300)), superseded_at=at(ago(200)))
        Assessment.objects.filter(pk=lost.pk).update(assessed_at=at(ago(200)))
    look()
    assert ends()[0][1] == outcome
    model = weigh(of(indicator, 10))
    assert recompute_scores([here.account.pk], TODAY, model, None)[here.account.pk].score == score


def test_news_that_was_wrong_is_not_said_to_be_old(here):
    wrong = News.objects.create(account=here.account, kind="funding", title="wrong", happened_on=ago(1))
    make_indicator("news")
    look()
    remove_news(wrong, by=BY)
    look()
    assert ends() == [("resolved", "expired", "What it told of does not count any more since 28 Jun 2024.")]
    assert said(Signal.objects.get()) is None


def test_a_plan_that_is_closed_ends_its_signal(here):
    metric = make_metric("pm")
    plan = make_plan(here.account, metric)
    measure(here.account, metric, {ago(1): 12})
    make_indicator("plan_target")
    look()
    assert ends() == [("open", "", "")]
    Plan.objects.filter(pk=plan.pk).update(state="closed", closed_at=timezone.now())
    look()
    assert ends() == [
        ("resolved", "not_needed", "The plan that it tells of is not followed any more since 28 Jun 2024.")
    ]


def test_an_account_that_churns_is_no_success(here):
    signal = raised(here, "no_champion", stages=["adopting", "established", "renewing", "onboarding"])
    Account.objects.update(stage="churned")
    look()
    signal.refresh_from_db()
    assert (signal.outcome, said(signal)) == ("lost", None)
    assert Reading.objects.get(superseded_at=None).detail == {"outside": "stage"}


def raised(here, measure_name, **definition):
    make_indicator(measure_name, **definition)
    look()
    return Signal.objects.get()


def test_another_kind_and_playbook_of_an_indicator_reach_its_open_signals(here):
    signal = raised(here, "no_champion")
    indicator = signal.indicator
    indicator.kind, indicator.severity = "people", 3
    indicator.save()
    look()
    signal.refresh_from_db()
    assert (signal.kind, signal.severity, signal.state) == ("people", 3, "open")


def test_a_service_that_was_never_delivered_is_not_made_good_by_waiting(here):
    owed = make_occurrence(
        here.account, make_service("qbr"), starts_on=ago(90), due_on=ago(40), missed_after=ago(30)
    )
    make_indicator("service_missed", {"days": 90})
    look()
    assert ends() == [("open", "", "")]
    ServiceOccurrence.objects.filter(pk=owed.pk).update(missed_after=ago(92))
    look()
    assert ends() == [
        (
            "resolved",
            "expired",
            "It was never delivered, and is too long ago to count any more since 28 Jun 2024.",
        )
    ]
