"""The arithmetic of the score: published examples, and properties."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.plans.progress import Agreed, Measured
from playbooks.scores.formula import (
    DEFAULT_BANDS,
    Band,
    Part,
    band_index,
    indicator_share,
    maturity_share,
    plan_share,
    rounded_share,
    score_of,
    shown_score,
    target_share,
)
from tests.playbooks.kit import calmly

D = Decimal
BANDS = [Band(name, D(start), "") for name, start in DEFAULT_BANDS]
shares = st.none() | st.decimals(0, 1, places=2)
weights = st.decimals("0.01", 1000, places=2)
parts = st.lists(
    st.builds(Part, st.integers().map(str), weights, shares), max_size=12, unique_by=lambda p: p.key
)


def scored(*pairs):
    return score_of(
        [Part(str(n), D(weight), None if s is None else D(s)) for n, (weight, s) in enumerate(pairs)]
    )


def test_the_published_example():
    found = scored((30, "0.5"), (20, "1"), (50, None))
    assert (found.score, found.confidence) == (70, 50)
    assert found.points == {"0": 30, "1": 40}
    assert scored((30, None)) == scored()
    assert scored().score is None
    assert scored().confidence == 0


@calmly
@given(parts)
def test_bounded_and_made_of_its_points(given_parts):
    found = score_of(given_parts)
    assert 0 <= found.confidence <= 100
    if found.score is None:
        assert all(part.share is None for part in given_parts)
    else:
        assert 0 <= found.score <= 100
        assert abs(sum(found.points.values()) - found.score) < D("1e-15")


@calmly
@given(parts, st.randoms())
def test_order_does_not_matter(given_parts, chance):
    mixed = list(given_parts)
    chance.shuffle(mixed)
    one, other = score_of(given_parts), score_of(mixed)
    assert (shown_score(one.score), one.confidence) == (shown_score(other.score), other.confidence)


@calmly
@given(parts, st.data())
def test_a_better_share_never_lowers_the_score(given_parts, data):
    known = [part for part in given_parts if part.share is not None]
    if not known:
        return
    chosen = data.draw(st.sampled_from(known))
    better = data.draw(st.decimals(chosen.share, 1, places=2))
    raised = [Part(p.key, p.weight, better if p is chosen else p.share) for p in given_parts]
    before, after = score_of(given_parts), score_of(raised)
    assert after.score >= before.score - D("1e-20")
    assert after.confidence == before.confidence


@calmly
@given(parts, weights)
def test_what_has_no_data_leaves_the_score_and_lowers_the_confidence(given_parts, weight):
    before, after = score_of(given_parts), score_of([*given_parts, Part("missing", weight, None)])
    assert (after.score, after.points) == (before.score, before.points)
    assert after.confidence <= before.confidence


@calmly
@given(parts, st.integers(1, 50))
def test_only_proportions_of_weights_matter(given_parts, times):
    more = [Part(p.key, p.weight * times, p.share) for p in given_parts]
    assert shown_score(score_of(more).score) == shown_score(score_of(given_parts).score)


@pytest.mark.parametrize(
    ("value", "holds", "scale", "share"),
    [
        (15, False, (30, 0), "0.5"),
        (45, True, (30, 0), 0),
        (-3, False, (30, 0), 1),
        (7, False, (5, 10), "0.4"),
        (None, True, (30, 0), 0),
        (15, True, (None, None), 0),
        (15, False, (None, None), 1),
        (15, None, (30, 0), None),
        (15, True, (30, 30), 0),
    ],
)
def test_shares_of_indicators(value, holds, scale, share):
    worst, best = (None if end is None else D(end) for end in scale)
    found = indicator_share(None if value is None else D(value), holds, worst=worst, best=best)
    assert found == (None if share is None else D(share))


def test_what_counts_upward_earns_while_it_holds():
    assert [indicator_share(None, holds, counts_up=True) for holds in (True, False, None)] == [1, 0, None]


@calmly
@given(st.decimals(-100, 200, places=1), st.decimals(-100, 200, places=1))
def test_shares_on_a_scale_are_monotone(one, other):
    low, high = sorted((one, other))
    first, second = (indicator_share(v, True, worst=D(0), best=D(100)) for v in (low, high))
    assert 0 <= first <= second <= 1


def test_targets_against_their_path():
    agreed = Agreed(D(0), D(100), date(2030, 1, 1), date(2030, 4, 11))
    half_way = date(2030, 2, 20)
    values = [(50, 1), (80, 1), (25, "0.5"), (0, 0), (-20, 0)]
    for value, share in values:
        assert target_share(agreed, Measured(half_way, D(value)), half_way) == D(share), value
    assert target_share(agreed, None, half_way) is None


def test_targets_that_hold_their_baseline():
    up = Agreed(D(100), D(100), date(2030, 1, 1), date(2030, 4, 11))
    down = Agreed(D(100), D(100), date(2030, 1, 1), date(2030, 4, 11), up_is_good=False)
    day = date(2030, 2, 1)
    assert [target_share(up, Measured(day, D(v)), day) for v in (110, 100, 90, 80, 70)] == [
        1,
        1,
        D("0.5"),
        0,
        0,
    ]
    assert [target_share(down, Measured(day, D(v)), day) for v in (90, 110, 130)] == [1, D("0.5"), 0]
    zero = Agreed(D(0), D(0), date(2030, 1, 1), date(2030, 4, 11))
    assert [target_share(zero, Measured(day, D(v)), day) for v in (0, -1)] == [1, 0]


def test_plans_and_levels():
    assert plan_share([D(1), D("0.5"), None]) == D("0.625")
    assert plan_share([None]) is plan_share([]) is None
    assert [maturity_share(level, 5) for level in (None, 0, 3, 5, 7)] == [None, 0, D("0.6"), 1, 1]
    assert rounded_share(D("0.125")) == D("0.13")
    assert rounded_share(None) is None


@pytest.mark.parametrize(
    ("score", "band"), [("0", 0), ("39.9", 0), ("40", 1), ("59.9", 1), ("60", 2), ("80", 3), ("100", 3)]
)
def test_bands_begin_where_they_say(score, band):
    assert band_index(D(score), BANDS) == band
