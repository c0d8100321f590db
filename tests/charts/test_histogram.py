from csworkspace.charts import Outline, Stretch, histogram, small_histogram
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
    lines = [node.get("class") for node in tree(drawn.svg).iter() if (node.get("d") or "").count("L") > 8]
    assert lines == ["s-paper", "s-paper", "s-chart-2", "s-ink"]
    assert drawn.columns == ["Score", "Today", "Quarter", "Month"]


def test_outlines_are_steps_with_a_gap_where_there_is_nothing():
    drawn = chart([1, 0, 0, 0], outlines=[Outline("Before", [0, 1, 0, 1])])
    (line,) = marks(drawn.svg, "path", "s-ink")[:1]
    assert (line.get("d").count("M"), line.get("d").count("L"), line.get("d").count("C")) == (2, 6, 0)


def test_without_anything_it_says_so():
    assert "Nobody has a score on this day" in texts(chart([0, 0, 0, 0]).svg)


def test_a_narrow_one_lists_the_names_so_that_none_collides():
    bands = [*BANDS[:1], Stretch("Well", 50, 90, "on_track", "1"), Stretch("Advocate", 90, 100, "ahead", "0")]
    drawn = histogram([2, 0, 1, 1], title="Accounts", label="Today", stretches=bands, size=(330, 380))
    assert texts(drawn.svg)[3:11] == ["0", "At risk", "3 (75%)", "50", "Well", "1", "90", "Advocate"]


def test_the_small_one_has_columns_and_cuts():
    svg = small_histogram([1, 0, 4], label="Top: 5 accounts", cuts=[50])
    heights = [round(float(bar.get("height"))) for bar in marks(svg, "rect", "f-chart-actual")]
    assert heights == [6, 25]
    assert len(marks(svg, "path", "s-chart-axis")) == 2
    assert "<title>Top: 5 accounts</title>" in svg
