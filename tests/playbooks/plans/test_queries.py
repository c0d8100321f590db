"""Plans as pages, reports and the book read them."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.book.models import PlanStatus
from csworkspace.exports.registry import Span
from playbooks.plans import actions, content
from playbooks.plans.exports import HEADER, rows
from playbooks.plans.progress import Checkpoint, Measured
from playbooks.plans.queries import active_plan, plan_progress
from playbooks.plans.standings import plan_standings
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_metric, measure


def test_target_half_way(active):
    measure(active.plan.account, active.metric, {ago(40): 44, ago(10): 48, TODAY + timedelta(days=1): 99})
    shown = plan_progress(active_plan(active.plan.account_id), TODAY)
    (target,) = shown.targets
    assert (target.baseline, target.baseline_on, target.target_value) == (40, ago(50), 60)
    assert (target.expected, target.actual, target.measured_on) == (50, 48, ago(10))
    assert (target.progress, target.expected_progress) == (D("0.4"), D("0.5"))
    assert (target.status, shown.status) == (PlanStatus.ON_TRACK, PlanStatus.ON_TRACK)
    assert target.sentence == (
        "Users: 48\u00a0users, against 50\u00a0users expected by now: 10 points behind the path."
    )
    assert target.points == (Measured(ago(80), D(40)), Measured(ago(40), D(44)), Measured(ago(10), D(48)))
    # 18 days at 44, then 11 at 48: a slope of 396 / 2030 a day, for the 50 days that are left
    assert round(target.forecast, 4) == D("57.7537")


def test_target_without_a_measurement(here, draft):
    other = make_metric("logins")
    content.add_target(
        draft.objective, other, by=BY, baseline=D(1), value=D(2), starts_on=ago(50), due_on=ago(-50)
    )
    target = plan_progress(draft.plan, TODAY).targets[1]
    assert (target.actual, target.progress, target.forecast, target.status) == (None, None, None, "no_data")
    assert target.sentence == ("Logins: not measured yet; the target is 2\u00a0users by 19 Aug 2030.")


def test_number_that_people_enter_grows_old(here, draft):
    outcome = make_metric("days-to-close", kind="outcome", unit="days", direction="down", window_days=28)
    content.add_target(
        draft.objective, outcome, by=BY, baseline=D(9), value=D(5), starts_on=ago(50), due_on=ago(-50)
    )
    measure(here.account, outcome, {ago(43): 7})
    assert plan_progress(draft.plan, ago(1)).targets[1].status == PlanStatus.ON_TRACK
    old = plan_progress(draft.plan, TODAY).targets[1]
    assert (old.status, old.actual) == (PlanStatus.NO_DATA, 7)
    assert old.sentence == (
        "Days to close: 7\u00a0days, but that was measured on 18 May 2030; enter a newer value."
    )


def test_hold_past_due_and_not_started(here, draft):
    hold, late, early = (make_metric(key) for key in ("hold", "late", "early"))
    for metric, terms in (
        (hold, {"baseline": D(10), "value": D(10), "starts_on": ago(50), "due_on": ago(-50)}),
        (late, {"baseline": D(10), "value": D(20), "starts_on": ago(50), "due_on": ago(2)}),
        (early, {"baseline": D(10), "value": D(20), "starts_on": ago(-5), "due_on": ago(-50)}),
    ):
        content.add_target(draft.objective, metric, by=BY, **terms)
        measure(here.account, metric, {ago(30): 12})
    shown = {item.metric_key: item for item in plan_progress(draft.plan, TODAY).targets}
    assert [(key, item.status) for key, item in shown.items()] == [
        ("users", "off_track"),
        ("hold", "on_track"),
        ("late", "off_track"),
        ("early", "on_track"),
    ]
    assert shown["hold"].sentence == "Hold: 12\u00a0users, which holds the agreed 10\u00a0users."
    assert shown["late"].sentence == (
        "Late: 12\u00a0users; the target of 20\u00a0users was due on 28 Jun 2030."
    )
    assert shown["early"].sentence == ("Early: 12\u00a0users; the way to 20\u00a0users starts on 5 Jul 2030.")
    assert (shown["early"].forecast, shown["late"].forecast) == (None, None)


def test_path_runs_through_checkpoints(draft):
    content.edit_target(
        draft.target,
        by=BY,
        baseline=D(40),
        value=D(60),
        starts_on=ago(50),
        due_on=ago(-50),
        checkpoints=[Checkpoint(TODAY, D(42))],
    )
    (target,) = plan_progress(draft.plan, TODAY).targets
    assert (target.expected, target.status) == (42, PlanStatus.ON_TRACK)
    assert draft.target.checkpoints == [{"on": "2030-06-30", "value": "42"}]


def test_progress_reads_in_six_queries_for_any_number_of_targets(here, draft, django_assert_num_queries):
    measure(here.account, draft.metric, {ago(10): 48})
    with django_assert_num_queries(6):
        assert len(plan_progress(draft.plan, TODAY).targets) == 1
    for key in ("a", "b", "c"):
        metric = make_metric(key)
        measure(here.account, metric, {ago(60): 1, ago(10): 2})
        content.add_target(
            draft.objective, metric, by=BY, baseline=D(1), value=D(3), starts_on=ago(50), due_on=TODAY
        )
    with django_assert_num_queries(6):
        assert len(plan_progress(draft.plan, TODAY).targets) == 4


def followed_accounts(active, count):
    for number in range(count):
        account = Account.objects.create(name=f"Account {number}")
        plan = actions.create_plan(
            account,
            by=BY,
            title="P",
            starts_on=ago(50),
            ends_on=ago(-50),
            owner=active.plan.owner,
        )
        objective = content.add_objective(plan, by=BY, words="W")
        content.add_target(
            objective, active.metric, by=BY, baseline=D(40), value=D(60), starts_on=ago(50), due_on=ago(-50)
        )
        actions.activate_plan(plan, by=BY)
        measure(account, active.metric, {ago(5): 60 - 10 * number})


def test_standings_of_many_accounts_in_two_queries(here, active, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert plan_standings([here.account.pk], TODAY)[here.account.pk].status == "off_track"
    followed_accounts(active, 3)
    ids = list(Account.objects.order_by("id").values_list("id", flat=True))
    with django_assert_num_queries(2):
        found = plan_standings(ids, TODAY)
    assert [found[pk].status for pk in ids] == ["off_track", "ahead", "on_track", "off_track"]
    assert [found[pk].on_track for pk in ids] == [0, 1, 1, 0]


def test_export_has_a_row_per_target_of_active_plans(here, active):
    measure(here.account, active.metric, {ago(10): 48})
    (row,) = rows(Span())
    assert dict(zip(HEADER, row, strict=True)) == {
        "account": "Acme Industries",
        "plan": "Faster close",
        "objective": "Close the books in five days",
        "metric": "users",
        "unit": "users",
        "baseline": "40",
        "target": "60",
        "starts": ago(50),
        "due": ago(-50),
        "expected": "50",
        "actual": "48",
        "measured": ago(10),
        "progress": "0.4000",
        "status": "on_track",
    }
    assert list(rows(Span(metric="other"))) == []
    assert list(rows(Span(until=TODAY))) == []
    assert len(list(rows(Span(metric="users", since=TODAY)))) == 1
    actions.close_plan(active.plan, by=BY, note="Done")
    assert list(rows(Span())) == []


def test_others_see_nothing(here, elsewhere, active):
    elsewhere.open()
    assert active_plan(here.account.pk) is None
    assert plan_standings([here.account.pk], TODAY) == {}
    assert list(rows(Span())) == []


@pytest.mark.parametrize("text", ["<script>alert(1)</script>" * 40, "x" * 1000, "Ünïcode 💥\nsecond line"])
def test_long_and_hostile_words_are_kept_as_typed(draft, text):
    content.edit_objective(draft.objective, by=BY, words=text)
    assert plan_progress(draft.plan, TODAY).objectives[0].objective.words == text


def test_retired_metric_still_shows(draft):
    draft.metric.retired_at = timezone.now()
    draft.metric.save()
    assert plan_progress(draft.plan, TODAY).targets[0].name == "Users"
