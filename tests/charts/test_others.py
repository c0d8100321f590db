from csworkspace.charts import (
    Bar,
    Level,
    Part,
    bar_chart,
    column_chart,
    ladder,
    sparkline,
    stacked_bar,
    status_strip,
)
from csworkspace.charts.svg import clean, fit, shape, text_width
from tests.charts.pictures import HOSTILE, NS, marks, texts, tree


def bars(svg):
    return [(node.get("x"), node.get("width")) for node in tree(svg).iter(f"{NS}rect")]


def test_bars_share_one_zero():
    svg = bar_chart([Bar("Up", 100, "on_track"), Bar("Down", -50, "off_track")], title="t").svg
    (up, down) = tree(svg).iter(f"{NS}rect")
    zero = float(up.get("x"))
    assert abs(float(down.get("x")) + float(down.get("width")) - zero) < 0.2
    assert round(float(up.get("width")) / float(down.get("width")), 1) == 2.0
    assert texts(svg) == ["Up", "100", "Down", "\u221250"]


def test_bars_without_values():
    assert texts(bar_chart([], title="t").svg) == ["No data yet"]
    assert texts(column_chart([], title="t").svg) == ["No data yet"]
    unknown = bar_chart([Bar("a", None), Bar("b", float("nan")), Bar("c", 0)], title="t")
    assert texts(unknown.svg) == ["a", "No data", "b", "No data", "c", "0"]
    assert unknown.rows == [["a", "\u2013"], ["b", "\u2013"], ["c", "0"]]


def test_long_names_are_cut_to_their_room():
    svg = bar_chart([Bar("Very " * 40, 1)], title="t").svg
    assert texts(svg)[0].endswith("…")
    assert text_width(texts(svg)[0]) <= 720 * 0.5


def test_columns_stand_on_the_floor():
    svg = column_chart([Bar("1", 5), Bar("2", 10), Bar("3", None)], title="t").svg
    heights = [float(node.get("height")) for node in tree(svg).iter(f"{NS}rect")]
    assert round(heights[1] / heights[0], 1) == 2
    assert heights[2] == 0


def test_stacked_bar_fills_the_width_and_keeps_small_parts():
    chart = stacked_bar(
        [Part("Ahead", 1, "ahead"), Part("On track", 9999, "on_track"), Part("Off", 0, "off_track")],
        title="t",
    )
    ((first_x, first), (second_x, second)) = bars(chart.svg)
    assert (first_x, float(first) >= 3) == ("0", True)
    assert round(float(second_x) + float(second)) == 720
    assert texts(chart.svg) == ["Ahead", "1", "On track", "9,999", "Off", "0"]
    assert chart.rows == [["Ahead", "1", "0%"], ["On track", "9,999", "100%"], ["Off", "0", "0%"]]


def test_strip_has_the_parts_and_no_words():
    strip = status_strip(
        [Part(HOSTILE, 3, "ahead"), Part("On track", 1, "on_track"), Part("Off", 0, "off_track")]
    )
    assert str(strip).count("<rect") == 2
    assert "script" not in strip
    assert 'aria-hidden="true"' in strip
    assert str(status_strip([])).count("<rect") == 1


def test_stacked_bar_of_nothing():
    chart = stacked_bar([Part("Ahead", 0, "ahead"), Part("Odd", -3)], title="t")
    assert tree(chart.svg).find(f"{NS}desc").text == "Nothing to count yet."
    assert [row[2] for row in chart.rows] == ["\u2013", "\u2013"]
    assert len(list(tree(stacked_bar([], title="t").svg).iter(f"{NS}text"))) == 0


LEVELS = [Level(1, "Reactive", "4 of 4 behaviours"), Level(2, "Measured"), Level(3, "Managed")]


def test_ladder_marks_now_and_day_one():
    chart = ladder(LEVELS, current=2, baseline=1)
    assert texts(chart.svg) == [
        "Day 1",
        "1  Reactive",
        "4 of 4 behaviours",
        "Now",
        "2  Measured",
        "3  Managed",
    ]
    assert [node.get("height") for node in tree(chart.svg).iter(f"{NS}rect")] == ["3", "10", "3"]
    assert (
        tree(chart.svg).find(f"{NS}desc").text
        == "Now level 2 of 3, Measured. On day 1 level 1 of 3, Reactive."
    )
    assert chart.rows == [
        ["1 Reactive", "Day 1", "4 of 4 behaviours"],
        ["2 Measured", "Now", ""],
        ["3 Managed", "", ""],
    ]


def test_ladder_below_the_first_level_and_unmoved():
    assert tree(ladder(LEVELS, current=None, baseline=0).svg).find(f"{NS}desc").text == (
        "Now below the first level. On day 1 below the first level."
    )
    assert "Now, and on day 1" in texts(ladder(LEVELS, current=2, baseline=2).svg)
    assert texts(ladder([], current=None).svg) == []


def test_sparkline_gaps_dots_and_emptiness():
    gap = sparkline([1, 2, None, 3, 4], label="l")
    assert len(marks(gap, "path", "s-chart-actual")) == 2
    assert len(list(tree(gap).iter(f"{NS}circle"))) == 1
    assert len(marks(sparkline([], label="l"), "path", "s-chart-grid")) == 1
    assert len(marks(sparkline([None], label="l", baseline=3), "path", "s-chart-baseline")) == 1
    equal = tree(sparkline([7, 7, 7], label="l"))
    assert equal.find(f"{NS}circle").get("cy") == "12"


def test_sparkline_of_many_values_is_small():
    values = [index % 7 for index in range(5000)]
    assert len(str(sparkline(values, label="l"))) < 6000


def test_shapes_differ_by_status():
    assert (
        len({shape(status, 0, 0) for status in ("ahead", "on_track", "slipping", "off_track", "no_data")})
        == 5
    )


def test_text_helpers():
    assert clean("a\x00\x1f\ud800<b>'\"&") == "a&lt;b&gt;&#x27;&quot;&amp;"
    assert fit("short", 100) == "short"
    assert fit("a much longer text", 60).endswith("…")
    assert text_width("日本") > text_width("ii")
