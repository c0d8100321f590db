from datetime import date, timedelta

from csworkspace.charts import Series, Target, line_chart
from tests.charts.pictures import DAY, NS, marks, run, target, texts, tree

NB = "\u00a0"


def chart(values=(1, 2, 3), **options):
    return line_chart(Series("Users", run(values)), title="Weekly users", **options)


def test_gaps_break_the_line_and_lone_days_are_dots():
    svg = chart([1, 2, None, 5, float("nan"), 7, 8]).svg
    lines = [node.get("d") for node in marks(svg, "path", "s-chart-actual")]
    assert [line.count("L") for line in lines] == [1, 1]
    # The lone day, and the ring on the last value.
    assert [node.get("r") for node in tree(svg).iter(f"{NS}circle")] == ["2", "4"]


def test_the_path_runs_from_baseline_to_target_with_checkpoints():
    svg = chart([10, 12], baseline=10, target=target(checkpoints=[(date(2026, 6, 30), 14)])).svg
    dashed = [node for node in marks(svg, "path", "s-chart-target") if node.get("stroke-dasharray")]
    (start, end) = (pair.split() for pair in dashed[0].get("d")[1:].split("L"))
    assert len(dashed) == 1
    assert float(start[0]) < float(end[0])
    assert float(start[1]) > float(end[1])
    diamonds = marks(svg, "path", "f-paper")
    assert [node.find(f"{NS}title").text for node in diamonds] == ["Checkpoint 30 Jun: 14", "Target 20"]
    assert [text for text in texts(svg) if text.startswith(("Baseline", "Target", "by"))] == [
        "Target 20", "by 31 Dec", "Baseline 10",
    ]  # fmt: skip


def test_labels_say_the_unit_once():
    assert "184" in texts(chart([184], unit="people", target=target()).svg)
    assert texts(chart([184], unit="people").svg)[0] == "people"
    assert "€48k" in texts(chart([48_000], unit="EUR", target=target()).svg)
    assert "12.5%" in texts(chart([12.5], unit="%", target=target()).svg)


def test_several_series_are_labelled_where_they_end():
    many = [Series("Acme", run([1, 9])), Series("Peers", run([2, 8]))]
    svg = line_chart(many, title="t").svg
    assert [text for text in texts(svg) if text in ("9", "Acme", "8", "Peers")] == ["9", "Acme", "8", "Peers"]
    assert [node.get("class") for node in tree(svg).iter(f"{NS}circle")] == [
        "f-paper s-chart-actual", "f-paper s-chart-2",
    ]  # fmt: skip


def test_nothing_known_says_so():
    assert texts(chart([]).svg) == ["No data yet"]
    only_plan = texts(chart([], target=target(), baseline=10).svg)
    assert [text for text in only_plan if text.startswith(("No ", "Target", "Baseline"))] == [
        "Target 20",
        "Baseline 10",
        "No data yet",
    ]
    assert "No data yet" in texts(chart([None, None]).svg)
    assert texts(line_chart([], title="t").svg) == ["No data yet"]


def test_one_point_and_equal_values_stand_in_the_middle():
    for values in ([42], [42] * 30, [0], [-3, -3]):
        ring = list(tree(chart(values).svg).iter(f"{NS}circle"))[-1]
        assert 12 <= float(ring.get("cy")) <= 252


def test_five_thousand_points_keep_their_peak():
    values = [10.0] * 5000
    values[2500] = 99.0
    svg = chart(values).svg
    (line,) = marks(svg, "path", "s-chart-actual")
    heights = [float(pair.split()[1]) for pair in line.get("d")[1:].split("L")]
    assert len(heights) < 4 * 720
    assert sum(height < 60 for height in heights) == 1


def test_unordered_and_repeated_days():
    points = [(DAY + timedelta(2), 3), (DAY, 1), (DAY, 2)]
    assert line_chart(Series("Users", points), title="t").rows == [["1 Jan 2026", "2"], ["3 Jan 2026", "3"]]


def test_rows_carry_the_numbers_behind_the_picture():
    drawn = chart([10, None, 12.5], unit="hours", target=target(value=20, due=DAY + timedelta(10)))
    assert drawn.columns == ["Day", "Users", "Target path"]
    assert drawn.rows == [
        ["1 Jan 2026", f"10{NB}hours", f"10{NB}hours"],
        ["2 Jan 2026", "\u2013", f"11{NB}hours"],
        ["3 Jan 2026", f"12.5{NB}hours", f"12{NB}hours"],
    ]
    assert drawn.more == ""


def test_long_tables_are_cut_and_say_so():
    drawn = chart(range(100))
    assert [len(drawn.rows), drawn.rows[-1], drawn.more] == [
        60, ["10 Apr 2026", "99"], "The last 60 of 100 rows.",
    ]  # fmt: skip


def test_description_tells_the_story():
    svg = chart([164, 184], baseline=164, target=target(value=220)).svg
    assert tree(svg).find(f"{NS}desc").text == (
        "Users: 164 on 1 Jan 2026, 184 on 2 Jan 2026. Baseline 164. Target 220 by 31 Dec 2026."
    )
    assert tree(chart([]).svg).find(f"{NS}desc").text == "Users: no data yet."


def test_a_plan_without_length_or_numbers_does_no_harm():
    same_day = Target(value=20, due=DAY, start=DAY, baseline=10)
    assert "Target 20" in texts(chart([5], target=same_day).svg)
    broken = Target(value=float("nan"), due=DAY, start=DAY, baseline=10)
    assert not [text for text in texts(chart([5], target=broken).svg) if "Target" in text]


def test_today_and_forecast():
    svg = chart([10, 12], target=target(), forecast=17, today=date(2026, 3, 1)).svg
    assert [text for text in texts(svg) if text in ("Today", "Forecast 17")] == ["Today", "Forecast 17"]
    outside = chart([10, 12], today=date(2030, 1, 1)).svg
    assert "Today" not in texts(outside)


def test_narrow_drawing_keeps_its_type_size():
    drawn = chart([10, 12], target=target())
    assert [tree(svg).get("width") for svg in (drawn.svg, drawn.narrow)] == ["720", "360"]
    assert {node.get("font-size") for node in tree(drawn.narrow).iter(f"{NS}text")} == {"12", "11"}
