from itertools import accumulate

from csworkspace.charts import Carrier, pareto_chart
from tests.charts.pictures import NS, marks, texts, tree


def carriers(values):
    total = sum(values)
    pairs = zip(values, accumulate(values), strict=True)
    return [Carrier(f"Account {n}", value, 100 * own / total) for n, (value, own) in enumerate(pairs, 1)]


def chart(values, cut=1, **more):
    return pareto_chart(carriers(values), cut=cut, title="ARR", unit="USD", **more)


def test_bars_inside_and_outside_of_the_cut():
    svg = chart([400, 300, 200, 100], 2, cut_note="2 accounts carry 70%").svg
    inside, outside = marks(svg, "rect", "f-chart-actual"), marks(svg, "rect", "f-line-strong")
    assert [round(float(bar.get("height"))) for bar in (*inside, *outside)] == [250, 188, 125, 62]
    (ring,) = tree(svg).iter(f"{NS}circle")
    # Between the second and the third of four bars, at 70 percent of the height.
    assert float(ring.get("cx")) == float(outside[0].get("x")) - 0.5
    assert float(ring.get("cy")) == 276 - 0.7 * 250
    assert texts(svg)[:6] == ["$0", "0%", "$100", "25%", "$200", "50%"]
    assert texts(svg)[-2:] == ["2 accounts carry 70%"] * 2


def test_description_and_table_tell_the_same():
    drawn = chart([400, 300, 300], 1, cut_note="1 account carries 40%")
    assert tree(drawn.svg).find(f"{NS}desc").text == (
        "3 accounts, the largest first. 1 account carries 40%. The largest is Account 1: $400, 40.0%."
    )
    assert drawn.columns == ["Account", "ARR", "Carried together", "Top group"]
    assert drawn.rows == [
        ["Account 1", "$400", "40.0%", "Yes"],
        ["Account 2", "$300", "70.0%", "No"],
        ["Account 3", "$300", "100.0%", "No"],
    ]


def test_nothing_one_and_no_cut():
    assert texts(pareto_chart([], cut=0, title="ARR").svg) == ["No data yet"]
    assert tree(pareto_chart([], cut=0, title="ARR").svg).find(f"{NS}desc").text == "No data yet."
    assert len(marks(chart([5]).svg, "rect", "f-chart-actual")) == 1
    whole = chart([5, 4], 0).svg
    assert [len(marks(whole, "rect", "f-line-strong")), len(list(tree(whole).iter(f"{NS}circle")))] == [2, 0]
    assert len(marks(chart([5, 4], 99).svg, "rect", "f-chart-actual")) == 2


def test_ten_thousand_are_one_outline_and_the_table_begins_at_the_top():
    drawn = chart(list(range(10_000, 0, -1)), 3000)
    assert len(list(tree(drawn.svg).iter(f"{NS}rect"))) == 0
    assert len(marks(drawn.svg, "path", "f-chart-actual")) == 1
    assert len(drawn.svg) < 80_000
    assert [drawn.rows[0][0], len(drawn.rows), drawn.more] == [
        "Account 1", 60, "The first 60 of 10,000 rows.",
    ]  # fmt: skip


def test_counts_under_the_axis_do_not_run_into_the_last():
    shown = texts(chart([1] * 197, 40).svg)
    assert [word for word in shown if word.isdecimal()] == ["50", "100", "150", "197"]
    assert [word for word in texts(chart([3, 2, 1]).svg) if word.isdecimal()] == ["1", "2", "3"]
