"""The score and its reasons."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.accounts.models import Stage
from accounts.book.models import PlanStatus
from playbooks.attention.scoring import Inputs, attention, fall_of
from tests.playbooks.kit import TODAY, ago, calmly


def scored(**known):
    score, reasons = attention(Inputs(today=TODAY, **known))
    return score, [(reason.text, reason.weight) for reason in reasons]


def test_nothing_wrong_scores_nothing():
    assert scored(
        plan_status=PlanStatus.ON_TRACK,
        headline=D(50),
        headline_before=D(55),
        last_active_on=ago(13),
        renewal_on=ago(-20),
        level=2,
        level_before=2,
    ) == (0, [])


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"plan_status": "off_track"}, ("The plan is off track", 35)),
        ({"plan_status": "slipping"}, ("The plan is slipping", 18)),
        ({"plan_status": "no_data"}, ("The plan has no data", 8)),
        ({"headline": D(38), "headline_before": D(100)}, ("Monthly users fell 62% in 4 weeks", 30)),
        ({"headline": D(80), "headline_before": D(100)}, ("Monthly users fell 20% in 4 weeks", 10)),
        ({"headline": D(60), "headline_before": D(100)}, ("Monthly users fell 40% in 4 weeks", 20)),
        (
            {"headline": D("0.3"), "headline_before": D("0.6"), "headline_counts": False},
            ("Monthly users fell 50% in 4 weeks", 25),
        ),
        (
            {"headline": D(15), "headline_before": D(10), "up_is_good": False},
            ("Monthly users rose 50% in 4 weeks", 25),
        ),
        ({"last_active_on": ago(14)}, ("No activity for 14 days", 8)),
        ({"last_active_on": ago(30)}, ("No activity for 30 days", 15)),
        ({"last_active_on": ago(90)}, ("No activity for 3 months", 25)),
        ({"created_on": ago(14)}, ("No activity has ever been recorded", 15)),
        ({"level": 1, "level_before": 3}, ("Dropped from level 3 to 1", 15)),
        ({"signal": "They left", "signal_severity": 3}, ("Signal: They left", 25)),
        ({"signal": "They left", "signal_severity": 2}, ("Signal: They left", 15)),
        (
            {"signal": "They left", "signal_severity": 1, "signals_more": 1},
            ("Signal: They left, and 1 more signal", 5),
        ),
    ],
)
def test_each_part_says_itself(known, reason):
    assert scored(headline_name="Monthly users", **known) == (reason[1], [reason])


@pytest.mark.parametrize(
    "known",
    [
        {"headline": D("80.1"), "headline_before": D(100)},
        {"headline": D(0), "headline_before": D(0)},
        {"headline": D(0), "headline_before": D(4)},
        {"headline": D(5), "headline_before": None},
        {"headline": D(50), "headline_before": D(100), "up_is_good": False},
        {"created_on": ago(13)},
        {"level": 2, "level_before": 1},
        {"level": 0},
        {"renewal_on": ago(-1)},
    ],
)
def test_what_is_no_reason(known):
    assert scored(**known) == (0, [])


@pytest.mark.parametrize(
    ("days", "text", "weight"),
    [
        (90, "Renews in 90 days and the plan is off track", 10),
        (41, "Renews in 41 days and the plan is off track", 18),
        (30, "Renews in 30 days and the plan is off track", 25),
        (0, "Renews today and the plan is off track", 25),
        (-5, "Renewal was due 5 days ago and the plan is off track", 25),
    ],
)
def test_renewal_counts_together_with_trouble(days, text, weight):
    assert scored(plan_status="off_track", renewal_on=TODAY + timedelta(days=days)) == (
        35 + weight,
        [(text, 35 + weight)],
    )


def test_renewal_with_other_trouble_stands_beside_it():
    assert scored(last_active_on=ago(60), renewal_on=ago(-41)) == (
        43,
        [("No activity for 2 months", 25), ("Renews in 41 days", 18)],
    )


def test_churned_accounts_need_no_attention():
    assert scored(stage=Stage.CHURNED, plan_status="off_track", last_active_on=ago(400)) == (0, [])


def test_everything_at_once_is_a_hundred():
    score, reasons = attention(
        Inputs(
            today=TODAY,
            plan_status="off_track",
            headline=D(0),
            headline_before=D(10),
            last_active_on=ago(100),
            renewal_on=ago(-10),
            level=0,
            level_before=3,
        )
    )
    assert score == 100
    assert [reason.weight for reason in reasons] == [60, 30, 25, 15]


amounts = st.none() | st.decimals(min_value=0, max_value=10**6, places=2)


@calmly
@given(now=amounts, before=amounts, up=st.booleans(), days=st.none() | st.integers(-400, 400))
def test_score_stays_within_its_bounds(now, before, up, days):
    score, reasons = attention(
        Inputs(
            today=TODAY,
            headline=now,
            headline_before=before,
            up_is_good=up,
            renewal_on=None if days is None else TODAY + timedelta(days=days),
        )
    )
    assert 0 <= score <= 100
    assert score == min(100, sum(reason.weight for reason in reasons))
    assert all(reason.text and reason.weight > 0 for reason in reasons)


def test_fall_is_a_share_of_the_former_value():
    assert fall_of(D(38), D(100), up_is_good=True) == D("0.62")
    assert fall_of(D(12), D(10), up_is_good=False) == D("0.2")
