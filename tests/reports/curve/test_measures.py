"""What is counted of a curve, and the net movement by cause: examples and properties."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.scores.weights import read_bands
from reports.curve.measures import band_at, measure, median
from reports.curve.movement import (
    CHURNED,
    DATA,
    FIRST,
    LOST,
    NEW,
    WEIGHTS,
    Kept,
    Part,
    Standing,
    effects,
    movement,
)
from tests.playbooks.kit import calmly
from tests.reports.curve import kit

BANDS = read_bands([])


def part(*args, **more):
    """A component as the movement reads it from a row."""
    return msgspec.convert(kit.part(*args, **more), Part)


shares = st.none() | st.integers(0, 100).map(lambda n: n / 100)
scales = st.sampled_from([[None, None, False], [10.0, 0.0, False]])
components = st.lists(
    st.builds(lambda key, w, s, scale: part(key, w, s, scale=scale), st.sampled_from("abcd"),
              st.integers(1, 50), shares, scales),
    min_size=1, max_size=4, unique_by=lambda one: one.key,
).filter(lambda found: any(one.share is not None for one in found))  # fmt: skip
kept = st.builds(Kept, st.integers(1, 2), components)
standings = st.dictionaries(
    st.integers(1, 8), st.builds(Standing, kept, st.integers(0, 5).map(float)), max_size=8
)


def test_bins_bands_and_median():
    found = measure([(0.0, 1), (39.9, 1), (40.0, 1), (100.0, 1)], BANDS)
    assert (found.bins[0], found.bins[7], found.bins[8], found.bins[19], sum(found.bins)) == (1, 1, 1, 1, 4)
    assert (found.bands, found.counts, found.median) == ([2, 1, 0, 1], [2, 1, 0, 1], 39.95)
    assert (found.share(0), round(found.mean, 3)) == (0.5, 44.975)
    empty = measure([], BANDS)
    assert (empty.weight, empty.median, empty.mean, empty.share(0)) == (0, None, None, None)


@pytest.mark.parametrize(
    ("pairs", "middle"),
    [
        ([(10.0, 1)], 10),
        ([(10.0, 1), (20.0, 1)], 15),
        ([(30.0, 1), (10.0, 1), (20.0, 1)], 20),
        ([(10.0, 1), (20.0, 9)], 20),
        ([(10.0, 0)], None),
    ],
)
def test_the_median_counts_weights(pairs, middle):
    assert median(pairs) == middle


def test_bands_by_their_beginnings():
    assert [band_at(score, BANDS) for score in (0, 39.9, 40, 79.9, 80, 100)] == [0, 0, 1, 2, 3, 3]


def test_effects_of_shares_data_and_weights():
    before = Kept(1, [part("a", 10, 0.5), part("b", 10, 1.0)])
    assert effects(before, Kept(1, [part("a", 10, 0.25), part("b", 10, 1.0)])) == {"a": -12.5}
    gone = effects(before, Kept(1, [part("a", 10, 0.5), part("b", 10, None)]))
    assert gone == {DATA: -25}
    assert effects(before, Kept(2, [part("a", 30, 0.5), part("b", 10, 1.0)])) == {WEIGHTS: -12.5}
    rescaled = Kept(2, [part("a", 10, 0.75, scale=[9, 0, False]), part("b", 10, 1.0)])
    assert effects(before, rescaled) == {WEIGHTS: 12.5}
    both = effects(before, Kept(2, [part("a", 30, 0.25), part("b", 10, 1.0)]))
    assert both == {"a": -12.5, WEIGHTS: -18.75}
    assert effects(before, before) == {}


def test_new_weights_do_not_swallow_data_that_came():
    before = Kept(1, [part("a", 10, 0.5), part("b", 10, None)])
    now = Kept(2, [part("a", 10, 0.5), part("b", 10, 1.0), part("c", 20, 0.25)])
    assert effects(before, now) == {WEIGHTS: -25, DATA: 25}
    assert effects(before, Kept(1, now.components[:2])) == {DATA: 25}, "as without new weights"
    dropped = Kept(2, [part("b", 10, 1.0)])
    assert effects(before, dropped) == {WEIGHTS: 25, DATA: 25}


def test_a_new_scale_is_told_from_a_new_value():
    before = Kept(1, [part("a", 10, 0.5, scale=[10, 0, False], value=5, holds=False)])
    now = Kept(2, [part("a", 10, 0.9, scale=[20, 0, False], value=2, holds=False)])
    found = effects(before, now)
    assert {key: round(points, 6) for key, points in found.items()} == {"a": 30, WEIGHTS: 10}
    unscaled = Kept(2, [part("a", 10, 0.8, scale=[10, 0, False], value=2, holds=False)])
    was = Kept(1, [part("a", 10, 0.0, scale=[None, None, False], holds=True)])
    found = effects(was, unscaled)
    assert {key: round(points, 6) for key, points in found.items()} == {"a": 100, WEIGHTS: -20}


@calmly
@given(kept, kept)
def test_the_effects_on_an_account_add_up_to_its_change(before, now):
    assert abs(sum(effects(before, now).values()) - (now.exact - before.exact)) < 1e-6


@calmly
@given(standings, standings, st.sets(st.integers(1, 8)), st.sets(st.integers(1, 8)))
def test_the_causes_add_up_to_the_net_movement(earlier, later, churned, known):
    # What an account counts is the same on both days.
    later = {
        pk: Standing(one.kept, earlier[pk].weight if pk in earlier else one.weight)
        for pk, one in later.items()
    }
    why = dict.fromkeys(churned, CHURNED), dict.fromkeys(known, FIRST)
    found = movement(earlier, later, went=why[0], came=why[1])
    assert abs(sum(cause.points for cause in found.causes) - found.net) < 1e-6
    weights = [sum(one.weight for one in side.values()) for side in (earlier, later)]
    if all(weights):
        means = [
            sum(one.weight * one.kept.exact for one in side.values()) / weight
            for side, weight in zip((earlier, later), weights, strict=True)
        ]
        assert abs(found.net - (means[1] - means[0])) < 1e-6


def test_who_came_and_went_are_causes_of_their_own():
    def standing(share):
        return Standing(Kept(1, [part("a", 1, share)]), 1.0)

    earlier = {1: standing(0.5), 2: standing(0.1), 3: standing(0.3)}
    later = {1: standing(0.6), 4: standing(0.9), 5: standing(0.9)}
    found = movement(earlier, later, went={2: CHURNED}, came={5: FIRST})
    told = {cause.key: (round(cause.points, 3), cause.accounts) for cause in found.causes}
    assert told == {"a": (10, 1), NEW: (10, 1), FIRST: (10, 1), CHURNED: (13.333, 1), LOST: (6.667, 1)}
    assert round(found.net, 3) == 50
    assert found.by_account == {1: {"a": pytest.approx(10)}}


def test_rows_that_are_the_same_or_stand_alone_need_no_components():
    a, b = Kept(1, [part("a", 1, 0.5)]), Kept(1, [part("a", 1, 0.7)])
    earlier = {1: Standing(a, 1.0), 2: Standing(None, 1.0, 40.0), 3: Standing(None, 1.0, 10.0)}
    later = {1: Standing(b, 1.0), 2: Standing(None, 1.0, 40.0), 4: Standing(None, 1.0, 90.0)}
    found = movement(earlier, later)
    assert {cause.key: round(cause.points, 3) for cause in found.causes} == {
        "a": 10,
        NEW: 11.667,
        LOST: 11.667,
    }
    assert round(found.net, 3) == 33.333


def test_with_nobody_on_both_days_or_on_one():
    one = {1: Standing(Kept(1, [part("a", 1, 0.5)]), 1.0)}
    other = {2: Standing(Kept(1, [part("a", 1, 0.75)]), 1.0)}
    assert [(c.key, c.points) for c in movement(one, other).causes] == [(NEW, 25), (LOST, 0)]
    assert movement({}, other).causes == movement(one, {}).causes == []
