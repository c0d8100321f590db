"""As of a past day: late events, corrected measurements, and what was recorded after the day."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.accounts.actions import change_stage
from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from accounts.metrics.models import Measurement
from accounts.news.models import News
from csworkspace.audit.actions import record
from csworkspace.audit.models import AuditEntry
from playbooks.indicators.evaluating import Judged, Known, evaluate
from playbooks.indicators.models import Indicator, Reading
from playbooks.plans.models import Plan, Revision
from playbooks.recommendations.models import Recommendation
from playbooks.scores.computing import recompute_scores
from playbooks.scores.gathering import gather
from playbooks.scores.weights import Component
from tests.kit import BY
from tests.playbooks.indicators.makers import TODAY, ago, at, make_indicator, make_plan, use
from tests.playbooks.kit import make_metric, measure
from tests.playbooks.scores.kit import of, weigh

THEN = ago(30)


@pytest.fixture
def account(here):
    Account.objects.update(created_at=at(ago(400)))
    return here.account


def then(indicator: Indicator, known: Known, day: Any = THEN) -> Judged:
    """How it comes out as of the past day."""
    (found,) = evaluate([indicator], None, day, known)
    return found


def keep(
    account: Account, metric: Any, day: Any, value: int, recorded: int, superseded: int | None = None
) -> None:
    """A measurement that was recorded, and perhaps corrected, so many days ago."""
    Measurement.objects.create(
        account=account, metric=metric, day=day, value=value, source="events",
        recorded_at=at(ago(recorded)), superseded_at=None if superseded is None else at(ago(superseded)),
    )  # fmt: skip


def test_a_measurement_counts_as_it_stood_that_evening(account):
    metric = make_metric()
    keep(account, metric, ago(35), 8, recorded=35, superseded=20)
    keep(account, metric, ago(35), 3, recorded=20)
    keep(account, metric, ago(33), 6, recorded=10)
    keep(account, metric, ago(50), 9, recorded=50)
    indicator = make_indicator("metric", {"metric": metric.pk})
    assert then(indicator, Known.NOW).value == 6
    assert then(indicator, Known.RECORDED).value == 8
    assert then(indicator, Known.RECORDED, ago(40)).value == 9
    assert then(indicator, Known.RECORDED, ago(15)).value == 3
    assert then(indicator, Known.RECORDED, ago(60)).holds is None


def test_received_counts_events_that_had_come_in_by_then(account, elsewhere):
    metric = make_metric(aggregation="count", window_days=7)
    for day in (ago(60), ago(31), ago(32)):
        use(account, day, recorded=at(ago(1)))
    use(account, ago(33), received=at(ago(10)), recorded=at(ago(1)))
    use(account, ago(38), received=at(ago(10)), recorded=at(ago(1)))
    measure(account, metric, {ago(33): 99})
    level = make_indicator("metric", {"metric": metric.pk})
    assert then(level, Known.RECEIVED).value == 2
    assert then(level, Known.RECEIVED, ago(29)).value == 2
    assert then(level, Known.RECEIVED, ago(10)).value == 0
    change = make_indicator(
        "metric_change", {"metric": metric.pk, "direction": "rose", "past": 3, "base": "0.1"}
    )
    # The windows before: nothing in two of them, one event (60 days ago is the fifth window) outside.
    assert (then(change, Known.RECEIVED).value, then(change, Known.RECEIVED).compared) == (2, 0)


def test_a_window_before_the_first_event_has_no_value(account):
    metric = make_metric(aggregation="users", window_days=7)
    use(account, ago(40))
    level = make_indicator("metric", {"metric": metric.pk})
    assert then(level, Known.RECEIVED, ago(41)).detail == {"why": "The metric has no value for this account."}
    assert then(level, Known.RECEIVED, ago(40)).value == Decimal(1)


def test_use_goes_by_what_was_recorded_or_received(account):
    indicator = make_indicator("feature_use", {"features": ["paywall.*"]})
    use(account, ago(32), "paywall.a")
    use(account, ago(31), "paywall.b", received=at(ago(29)), recorded=at(ago(28)))
    use(account, ago(31), "paywall.c", received=at(ago(31)), recorded=at(ago(28)))
    assert [then(indicator, known).value for known in Known] == [3, 1, 2]


def test_news_is_known_when_it_was_recorded_or_by_its_day(account):
    News.objects.create(account=account, kind="funding", title="B", happened_on=ago(40))
    indicator = make_indicator("news")
    assert then(indicator, Known.RECORDED).value == 0
    assert then(indicator, Known.RECEIVED).value == 1
    News.objects.update(recorded_at=at(ago(30), 11))
    assert then(indicator, Known.RECORDED).value == 1


def test_a_contact_that_was_edited_later_is_not_guessed(account):
    contact = Contact.objects.create(account=account, name="Ann", role="champion", left_on=ago(40))
    Contact.objects.filter(pk=contact.pk).update(created_at=at(ago(90)), updated_at=at(ago(5)))
    indicator = make_indicator("contact_left")
    assert then(indicator, Known.RECORDED).holds is None
    assert "edited after that day" in then(indicator, Known.RECORDED).detail["why"]
    assert then(indicator, Known.RECEIVED).holds is True
    Contact.objects.update(updated_at=at(ago(39)))
    assert then(indicator, Known.RECORDED).holds is True


def test_a_plan_that_was_revised_later_is_not_guessed(account):
    metric = make_metric()
    plan = make_plan(account, metric)
    plan.created_at = at(ago(45))
    plan.save()
    keep(account, metric, ago(45), 10, recorded=45)
    indicator = make_indicator("plan_target")
    assert then(indicator, Known.RECORDED).holds is True
    Revision.objects.create(account=account, plan=plan, number=1, reason="x", actor="T")
    for known in Known:
        assert then(indicator, known).detail == {
            "why": "The plan was revised after that day, and its earlier terms are not kept."
        }


def test_the_stage_of_then_is_what_the_next_change_found(account):
    indicator = make_indicator("no_champion", stages=["onboarding"])
    change_stage(account, by=BY, stage="adopting")
    AuditEntry.objects.filter(verb="changed stage").count()
    assert then(indicator, Known.RECORDED).holds is True
    assert then(indicator, Known.RECEIVED).detail == {"outside": "?"}
    (now,) = evaluate([indicator], None, TODAY)
    assert (now.holds, now.detail) == (False, {"outside": "stage"})


def test_a_reading_that_had_ended_by_then_does_not_count_as_held(account):
    metric = make_metric()
    keep(account, metric, ago(40), 7, recorded=40)
    indicator = make_indicator("metric", {"metric": metric.pk}, when="at_most", begins="5", ends="8")
    held = Reading.objects.create(
        account=account, indicator=indicator, number=1, day=ago(45), holds=True, recorded_at=at(ago(45)),
    )  # fmt: skip
    assert then(indicator, Known.RECORDED).holds is True
    Reading.objects.filter(pk=held.pk).update(superseded_at=at(ago(35)))
    assert then(indicator, Known.RECORDED).holds is False


def test_accounts_of_later_are_left_out(account, here):
    indicator = make_indicator("no_champion")
    Account.objects.create(name="Later", customer_since=ago(10))
    assert len(evaluate([indicator], None, THEN, Known.RECORDED)) == 1
    assert len(evaluate([indicator], None, THEN, Known.RECEIVED)) == 1
    assert len(evaluate([indicator], None, ago(10), Known.RECEIVED)) == 2


@pytest.mark.parametrize("measured", ["metric_peers", "metric_share", "renewal"])
def test_what_has_no_history_says_so(account, measured):
    metric = make_metric()
    keep(account, metric, ago(40), 8, recorded=40)
    Account.objects.update(attributes={"seats": "9"}, renewal_on=TODAY, updated_at=timezone.now())
    params = {
        "metric_peers": {"metric": metric.pk, "peers": "tier"},
        "metric_share": {"metric": metric.pk, "attribute": "seats", "of_metric": None},
        "renewal": {},
    }[measured]
    found = then(make_indicator(measured, params), Known.RECORDED)
    assert found.holds is None
    assert "not kept" in found.detail["why"]


def test_contacts_that_were_edited_since_may_have_been_others(account, here):
    """Whoever is a user by now may have been the champion then: nothing is said of the account."""
    contact = Contact.objects.create(account=account, name="Ann", role="user")
    Contact.objects.filter(pk=contact.pk).update(created_at=at(ago(100)), updated_at=at(ago(50)))
    champion, left = make_indicator("no_champion"), make_indicator("contact_left")
    assert (then(champion, Known.RECORDED).holds, then(left, Known.RECORDED).value) == (True, 0)
    Contact.objects.filter(pk=contact.pk).update(updated_at=at(ago(5)))
    for indicator in (champion, left):
        found = then(indicator, Known.RECORDED)
        assert (found.holds, found.detail["why"][:26]) == (None, "The contact was edited aft")
    assert then(champion, Known.RECEIVED).holds is True


def test_advice_that_was_accepted_and_taken_back_later_was_waiting_then(account):
    Recommendation.objects.create(
        account=account, title="R", shared_at=at(ago(90)), answered_at=at(ago(80)), closed_at=at(ago(10)),
        state="withdrawn", actor="Test",
    )  # fmt: skip
    assert then(make_indicator("recommendation_ignored"), Known.RECORDED).value == 60


def test_a_plan_that_was_a_draft_then_counts_for_no_score(account):
    metric = make_metric("pm")
    plan = make_plan(account, metric)
    Plan.objects.filter(pk=plan.pk).update(created_at=at(ago(50)))
    keep(account, metric, ago(31), 12, recorded=31)
    shares = [gather([Component("plan", Decimal(1))], [account.pk], THEN, known).of(account.pk, "plan").share
              for known in (Known.RECORDED, Known.RECEIVED)]  # fmt: skip
    assert None not in shares
    Revision.objects.create(account=account, plan=plan, number=1, reason="x", actor="Test")
    found = gather([Component("plan", Decimal(1))], [account.pk], THEN, Known.RECORDED)
    assert found.of(account.pk, "plan").share is None
    Revision.objects.all().delete()
    record("activated", plan, by=BY)
    found = gather([Component("plan", Decimal(1))], [account.pk], THEN, Known.RECORDED)
    assert found.of(account.pk, "plan").share is None


def test_that_it_is_not_known_whether_an_account_was_asked_costs_confidence(account):
    Account.objects.update(customer_since=ago(300))
    asked, other = make_indicator("silence", stages=["adopting"]), make_indicator("no_champion")
    model = weigh(of(asked, 90), of(other, 10))
    row = recompute_scores([account.pk], THEN, model, Known.RECEIVED)[account.pk]
    assert (row.confidence, [item["applies"] for item in row.components]) == (10, [True, True])
