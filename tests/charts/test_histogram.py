from csworkspace.charts import Outline, Stretch, histogram, small_histogram
from csworkspace.charts.paths import smooth_path
from tests.charts.pictures import marks, texts, tree

BANDS = [Stretch("At risk", 0, 50, "off_track", "3", "75%"), Stretch("Well", 50, 100, "on_track", "1", "25%")]


def chart(heights, **more):
    return histogram(heights, title="Accounts", label="Today", stretches=BANDS, **more)


def test_a_column_for_each_height_and_none_for_nothing():
    svg = chart([2, 0, 1, 1]).svg
    # The last one is the legend's.
    tall = [round(float(bar.get("height"))) for bar in marks(svg, "rect", "f-chart-actual")[:-1]]
    assert tall == [246, 123, 123]
    assert texts(svg)[:3] == ["0", "1", "2"]
    assert texts(svg)[3:11] == ["0", "At risk", "3", "75%", "50", "Well", "1", "25%"]


def test_the_table_and_the_description_tell_the_same():
    drawn = chart([2, 0, 1, 1], outlines=[Outline("Before", [0, 4, 0, 0])], mark=(30, "Median 30"))
    assert drawn.columns == ["Score", "Today", "Before"]
    assert drawn.all_rows == [
        ["0 to below 25", "2", "0"],
        ["25 to below 50", "0", "4"],
        ["50 to below 75", "1", "0"],
        ["75 to 100", "1", "0"],
    ]
    assert "At risk: 3 75%; Well: 1 25%. Median 30." in drawn.svg


def test_the_one_that_is_compared_with_lies_on_top_and_at_most_two_are_drawn():
    many = [Outline(name, [1, 2] * 5) for name in ("Quarter", "Month", "Year")]
    drawn = chart([1] * 10, outlines=many)
    lines = [node.get("class") for node in tree(drawn.svg).iter() if "C" in (node.get("d") or "")]
    assert lines == ["s-paper", "s-paper", "s-chart-2", "s-ink"]
    assert drawn.columns == ["Score", "Today", "Quarter", "Month"]


def test_a_few_accounts_are_boxes_and_no_curve():
    drawn = chart([1, 0, 0, 0], outlines=[Outline("Before", [0, 1, 0, 1])])
    (line,) = marks(drawn.svg, "path", "s-ink")[:1]
    assert (line.get("d").count("M"), line.get("d").count("C")) == (2, 0)


def test_without_anything_it_says_so():
    assert "Nobody has a score on this day" in texts(chart([0, 0, 0, 0]).svg)


def test_curves_do_not_overshoot():
    path = smooth_path([(0, 100), (10, 100), (20, 0), (30, 100), (40, 100)])
    ys = [
        float(part.replace("-", " -").split(" ")[-1]) for part in path[1:].replace("C", " ").split() if part
    ]
    assert min(ys) >= 0
    assert max(ys) <= 100


def test_the_small_one_has_columns_and_cuts():
    svg = small_histogram([1, 0, 4], label="Top: 5 accounts", cuts=[50])
    heights = [round(float(bar.get("height"))) for bar in marks(svg, "rect", "f-chart-actual")]
    assert heights == [6, 25]
    assert len(marks(svg, "path", "s-chart-axis")) == 2
    assert "<title>Top: 5 accounts</title>" in svg
