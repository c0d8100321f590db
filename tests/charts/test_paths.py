from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csworkspace.charts.paths import path_text, segments, spread, thinned


def test_segments_break_at_missing_values():
    points = [(0, None), (1, 5.0), (2, 6.0), (3, None), (4, None), (5, 7.0), (6, None)]
    assert segments(points) == [[(1, 5.0), (2, 6.0)], [(5, 7.0)]]
    assert segments([]) == []


def test_few_points_stay_as_they_are():
    run = [(0.0, 1.0), (50.0, 2.0), (100.0, 0.0)]
    assert thinned(run) == run


@given(st.randoms(use_true_random=False), st.integers(250, 3000))
def test_thinning_keeps_ends_and_extremes(random, count):
    values = [random.uniform(0, 100) for _ in range(count)]
    run = [(index * 100 / len(values), value) for index, value in enumerate(values)]
    kept = thinned(run)
    assert len(kept) <= 4 * 100
    assert kept == sorted(kept, key=lambda point: point[0])
    assert (kept[0], kept[-1]) == (run[0], run[-1])
    assert min(y for _, y in kept) == min(values)
    assert max(y for _, y in kept) == max(values)


def test_path_text():
    assert path_text([(0, 1.25), (10.04, 2)]) == "M0 1.2L10 2"


def test_labels_that_fit_stay_and_neighbours_part_around_their_middle():
    assert spread([10, 50, 90], [10, 10, 10], 0, 100) == [10, 50, 90]
    assert spread([50, 50], [10, 10], 0, 100) == [45, 55]
    assert spread([52, 50, 98], [10, 10, 10], 0, 100) == [56, 46, 95]
    assert spread([], [], 0, 100) == []


@given(st.lists(st.tuples(st.floats(0, 200), st.sampled_from([17.0, 32.0])), max_size=6))
def test_labels_never_overlap_and_stay_inside(items):
    placed = spread([y for y, _ in items], [height for _, height in items], 0, 200)
    boxes = sorted((y - height / 2, y + height / 2) for y, (_, height) in zip(placed, items, strict=True))
    assert all(low + 1e-6 >= before for (_, before), (low, _) in pairwise(boxes))
    if boxes and sum(height for _, height in items) <= 200:
        assert boxes[0][0] == pytest.approx(max(boxes[0][0], 0))
        assert boxes[-1][1] <= 200 + 1e-6
