"""Columns against limits: colours, figures and the table behind."""

from csworkspace.charts import Column, limit_chart
from tests.charts.pictures import marks, texts


def chart(*columns, **options):
    return limit_chart(
        columns, title="Hours", value_label="Promised", limit_label="Available", unit="h", **options
    )


def test_columns_above_their_limit_are_marked_and_written_out():
    drawn = chart(Column("Q1", 412, 331.5), Column("Q2", 300, 331.5), Column("Q3", 331.5, 331.5))
    assert len(marks(drawn.svg, "rect", "f-off-track")) == 1
    # Two columns and the legend's sign; three limits and the legend's.
    assert len(marks(drawn.svg, "rect", "f-chart-actual")) == 3
    assert len(marks(drawn.svg, "path", "s-chart-target")) == 4
    assert texts(drawn.svg) == [
        "Q1", "412 of 332", "Q2", "300 of 332", "Q3", "332 of 332", "Promised, h", "Available",
    ]  # fmt: skip
    assert drawn.rows == [
        ["Q1", "412\u00a0h", "331.5\u00a0h"],
        ["Q2", "300\u00a0h", "331.5\u00a0h"],
        ["Q3", "331.5\u00a0h", "331.5\u00a0h"],
    ]


def test_nothing_and_zero_are_no_error():
    assert texts(chart().svg)[0] == "No data yet"
    assert texts(chart(Column("Q1", 0, 0)).svg)[:2] == ["Q1", "0 of 0"]
