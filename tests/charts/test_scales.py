from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csworkspace.charts.scales import Scale, day_ticks, finite, tick_labels, value_ticks

sane = st.floats(min_value=-1e280, max_value=1e280, allow_nan=False)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], [0, 0.25, 0.5, 0.75, 1]),
        ([0, 100], [0, 25, 50, 75, 100]),
        ([3, 9], [0, 2.5, 5, 7.5, 10]),
        ([164, 220], [160, 180, 200, 220]),
        ([-8, -1], [-8, -6, -4, -2, 0]),
        ([-5, 5], [-5, -2.5, 0, 2.5, 5]),
        ([5, 7.4], [4, 5, 6, 7, 8]),
        ([0, 0], [0, 0.25, 0.5, 0.75, 1]),
        ([42, 42], [37.5, 40, 42.5, 45, 47.5]),
        ([1e-15, 2e-15], [0, 1e-9]),
    ],
)
def test_value_ticks(values, ticks):
    assert value_ticks(values) == pytest.approx(ticks, abs=1e-12)


@given(st.lists(sane, min_size=1, max_size=5))
def test_value_ticks_enclose_any_values(values):
    ticks = value_ticks(values)
    slack = (ticks[-1] - ticks[0]) * 1e-6 + 1e-9
    assert 2 <= len(ticks) <= 8
    assert ticks == sorted(set(ticks))
    assert ticks[0] - slack <= min(values)
    assert max(values) <= ticks[-1] + slack
    if max(map(abs, ticks)) < 1e15:
        assert len(set(tick_labels(ticks, ""))) == len(ticks)


@pytest.mark.parametrize(
    ("ticks", "unit", "labels"),
    [
        ([0, 2.5, 5], "", ["0.0", "2.5", "5.0"]),
        ([0, 5000], "", ["0", "5,000"]),
        ([0, 10_000, 20_000], "", ["0", "10k", "20k"]),
        ([120_000, 122_500], "", ["120.0k", "122.5k"]),
        ([0, 500_000, 1_000_000], "EUR", ["€0.0", "€0.5M", "€1.0M"]),
        ([0, 40], "%", ["0%", "40%"]),
        ([-20, 0], "EUR", ["\u2212€20", "€0"]),
        ([0, 5], "hours", ["0", "5"]),
        ([0, 2e19], "", ["0", "2e19"]),
    ],
)
def test_tick_labels(ticks, unit, labels):
    assert tick_labels(ticks, unit) == labels


def labels(first, last, most=8):
    return [label for _, label in day_ticks(first, last, most)]


def test_day_ticks_follow_the_span():
    assert labels(date(2026, 3, 1), date(2026, 3, 4)) == ["1 Mar", "2 Mar", "3 Mar", "4 Mar"]
    assert labels(date(2026, 3, 1), date(2026, 3, 29)) == ["1 Mar", "8 Mar", "15 Mar", "22 Mar", "29 Mar"]
    assert labels(date(2025, 11, 5), date(2026, 4, 30)) == ["Dec 2025", "Jan 2026", "Feb", "Mar", "Apr"]
    assert labels(date(2025, 1, 1), date(2026, 6, 30)) == [
        "Jan 2025", "Apr", "Jul", "Oct", "Jan 2026", "Apr",
    ]  # fmt: skip
    assert labels(date(2016, 5, 1), date(2026, 6, 30)) == ["2018", "2020", "2022", "2024", "2026"]


@given(st.dates(), st.integers(0, 40_000), st.integers(2, 12))
def test_day_ticks_are_few_and_inside(first, length, most):
    last = min(first.toordinal() + length, date.max.toordinal())
    ticks = [when for when, _ in day_ticks(first, date.fromordinal(last), most)]
    assert len(ticks) <= most + 1
    assert all(first.toordinal() <= when <= last for when in ticks)


def test_scale():
    up = Scale(0, 10, 100, 0)
    assert (up(0), up(5), up(10)) == (100, 50, 0)
    assert Scale(3, 3, 7, 9)(3) == 7


def test_finite():
    assert [finite(value) for value in (None, float("nan"), float("-inf"), 3, 1e308)] == [
        None,
        None,
        None,
        3.0,
        1e290,
    ]
    assert day_ticks(date.max - timedelta(3), date.max, 8)
