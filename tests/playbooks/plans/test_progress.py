"""The arithmetic of targets, by tables and by properties."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.book.models import PlanStatus as S
from playbooks.plans import progress as p
from playbooks.plans.progress import Agreed, Checkpoint, Measured
from tests.playbooks.kit import calmly

START, DUE = date(2026, 1, 1), date(2026, 4, 11)  # 100 days


def day(number: int) -> date:
    return START + timedelta(days=number)


@pytest.mark.parametrize(
    ("on", "value"),
    [(-5, 50), (0, 50), (1, D("50.5")), (10, 55), (50, 75), (99, D("99.5")), (100, 100), (400, 100)],
)
def test_path_is_straight_between_baseline_and_target(on, value):
    assert p.expected(D(50), D(100), START, DUE, day(on)) == value


@pytest.mark.parametrize(
    ("on", "value"), [(0, 50), (10, 55), (20, 60), (30, 62), (70, 70), (85, 85), (100, 100), (101, 100)]
)
def test_path_runs_through_checkpoints_in_any_order(on, value):
    stops = [Checkpoint(day(70), D(70)), Checkpoint(day(20), D(60))]
    assert p.expected(D(50), D(100), START, DUE, day(on), stops) == value


def test_path_passes_over_checkpoints_outside_of_it():
    stops = [Checkpoint(day(-1), D(1)), Checkpoint(day(0), D(2)), Checkpoint(day(100), D(3))]
    assert p.expected(D(50), D(100), START, DUE, day(50), stops) == 75


@pytest.mark.parametrize(
    ("value", "baseline", "target", "share"),
    [
        (50, 50, 100, 0),
        (75, 50, 100, D("0.5")),
        (100, 50, 100, 1),
        (120, 50, 100, D("1.4")),
        (40, 50, 100, D("-0.2")),
        (12, 20, 10, D("0.8")),  # down is good
        (25, 20, 10, D("-0.5")),
        (7, 10, 10, None),
        (10, 10, 10, None),
        (-5, -10, 0, D("0.5")),
    ],
)
def test_progress_in_either_direction(value, baseline, target, share):
    assert p.progress(D(value), D(baseline), D(target)) == share


@pytest.mark.parametrize(("share", "shown"), [(None, None), (D("-0.4"), 0), (D("0.666"), 66), (D(3), 100)])
def test_bar_is_clamped(share, shown):
    assert p.shown_percent(share) == shown


@pytest.mark.parametrize(
    ("on", "value", "status"),
    [
        # half way: 75 is expected, a point is 0.5
        (50, 80, S.AHEAD),
        (50, D("79.9"), S.ON_TRACK),
        (50, 75, S.ON_TRACK),
        (50, 70, S.ON_TRACK),
        (50, D("69.9"), S.SLIPPING),
        (50, D("62.5"), S.SLIPPING),
        (50, D("62.4"), S.OFF_TRACK),
        (50, 0, S.OFF_TRACK),
        (50, 100, S.AHEAD),
        # on the first day and before the start
        (0, 50, S.ON_TRACK),
        (0, 40, S.SLIPPING),
        (-10, 0, S.ON_TRACK),
        (-10, 100, S.AHEAD),
        # near the end: reached early, then the due day, then past due
        (99, 100, S.AHEAD),
        (100, 100, S.ON_TRACK),
        (100, 96, S.ON_TRACK),
        (101, D("99.9"), S.OFF_TRACK),
        (101, 100, S.ON_TRACK),
        (101, 105, S.AHEAD),
    ],
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_status_by_the_rule_in_both_directions(on, value, status, mirrored):
    sign = -1 if mirrored else 1
    agreed = Agreed(D(50) * sign, D(100) * sign, START, DUE, up_is_good=not mirrored)
    assert p.target_status(agreed, Measured(day(on), D(value) * sign), day(on)) == status


@pytest.mark.parametrize(
    ("value", "up", "status"),
    [
        (100, True, S.ON_TRACK),
        (130, True, S.ON_TRACK),
        (90, True, S.SLIPPING),
        (89, True, S.OFF_TRACK),
        (100, False, S.ON_TRACK),
        (70, False, S.ON_TRACK),
        (110, False, S.SLIPPING),
        (111, False, S.OFF_TRACK),
    ],
)
@pytest.mark.parametrize("on", [-1, 50, 200])
def test_target_equal_to_baseline_asks_to_hold_it(value, up, status, on):
    agreed = Agreed(D(100), D(100), START, DUE, up_is_good=up)
    assert p.target_status(agreed, Measured(day(0), D(value)), day(on)) == status


def test_holding_zero_has_no_room_for_worse():
    agreed = Agreed(D(0), D(0), START, DUE, up_is_good=False)
    assert p.target_status(agreed, Measured(START, D(0)), DUE) == S.ON_TRACK
    assert p.target_status(agreed, Measured(START, D(1)), DUE) == S.OFF_TRACK


def test_no_data_without_measurement_or_when_it_is_too_old():
    computed, entered = Agreed(D(1), D(2), START, DUE), Agreed(D(1), D(2), START, DUE, max_age_days=42)
    assert p.target_status(computed, None, day(50)) == S.NO_DATA
    assert p.target_status(computed, Measured(day(0), D("1.5")), day(50)) == S.ON_TRACK
    assert p.target_status(entered, Measured(day(8), D("1.5")), day(50)) == S.ON_TRACK
    assert p.target_status(entered, Measured(day(7), D("1.5")), day(50)) == S.NO_DATA


@pytest.mark.parametrize(
    ("statuses", "plan"),
    [
        ([], S.NO_DATA),
        ([S.NO_DATA, S.NO_DATA], S.NO_DATA),
        ([S.NO_DATA, S.AHEAD], S.AHEAD),
        ([S.AHEAD, S.ON_TRACK], S.ON_TRACK),
        ([S.ON_TRACK, S.SLIPPING, S.AHEAD], S.SLIPPING),
        ([S.SLIPPING, S.OFF_TRACK, S.NO_DATA], S.OFF_TRACK),
    ],
)
def test_plan_stands_as_its_worst_target_with_data(statuses, plan):
    assert p.plan_status(statuses) == plan


def test_forecast_continues_a_straight_line():
    points = [Measured(day(number), D(50) + number) for number in range(31)]
    assert p.forecast(points, START, DUE, day(30)) == 150


def test_forecast_looks_at_the_last_28_days_only():
    points = [Measured(day(0), D(500))] + [Measured(day(n), D(n)) for n in range(20, 61)]
    assert p.forecast(points, START, DUE, day(60)) == 100


def test_forecast_holds_a_value_until_the_next():
    assert p.forecast([Measured(day(0), D(60))], START, DUE, day(30)) == 60


def test_forecast_does_not_fall_below_zero():
    points = [Measured(day(number), D(30) - number) for number in range(31)]
    assert p.forecast(points, START, DUE, day(30)) == 0


@pytest.mark.parametrize(("on", "known"), [(6, False), (7, True), (100, True), (101, False)])
def test_forecast_needs_a_week_and_a_due_date_ahead(on, known):
    points = [Measured(day(-1), D(50))]
    assert (p.forecast(points, START, DUE, day(on)) is not None) == known


def test_forecast_without_measurements_is_unknown():
    assert p.forecast([], START, DUE, day(50)) is None


def test_rule_in_words_names_every_status_of_a_target_once():
    assert [status for status, _ in p.STATUS_RULE] == [
        S.AHEAD,
        S.ON_TRACK,
        S.SLIPPING,
        S.OFF_TRACK,
        S.NO_DATA,
    ]
    assert p.STATUS_RULE[1][1] == "no more than 10 points behind the path"
    assert p.STATUS_RULE[2][1] == "no more than 25 points behind the path"


values = st.decimals(min_value=-10_000, max_value=10_000, places=3)


@calmly
@given(baseline=values, target=values, on=st.integers(-20, 130))
def test_path_stays_between_its_ends(baseline, target, on):
    value = p.expected(baseline, target, START, DUE, day(on))
    assert min(baseline, target) <= value <= max(baseline, target)


@calmly
@given(baseline=values, target=values, value=values)
def test_progress_undoes_the_path(baseline, target, value):
    share = p.progress(value, baseline, target)
    if share is None:
        assert baseline == target
    else:
        assert abs(baseline + share * (target - baseline) - value) < D("0.0001")


@calmly
@given(baseline=values, target=values, value=values, on=st.integers(-20, 130))
def test_status_is_the_same_in_the_mirror(baseline, target, value, on):
    there = Agreed(baseline, target, START, DUE, up_is_good=True)
    mirror = Agreed(-baseline, -target, START, DUE, up_is_good=False)
    measured = Measured(day(on), value)
    mirrored = Measured(day(on), -value)
    assert p.target_status(there, measured, day(on)) == p.target_status(mirror, mirrored, day(on))


@calmly
@given(values=st.lists(values, min_size=2, max_size=40), shift=values)
def test_slope_does_not_care_for_the_height(values, shift):
    assert abs(p.slope(values) - p.slope([value + shift for value in values])) < D("0.0001")
