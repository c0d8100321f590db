"""Reading a chart back: the picture as a tree, and one of every kind to check."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta

from csworkspace.charts import (
    Bar,
    Carrier,
    Column,
    Level,
    Outline,
    Part,
    Series,
    Stretch,
    Target,
    bar_chart,
    column_chart,
    histogram,
    ladder,
    limit_chart,
    line_chart,
    pareto_chart,
    sparkline,
    stacked_bar,
)

NS = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 1, 1)
HOSTILE = "</title><script>alert('x')</script>\"&\x00\x0b\ud800 style="


def run(values, first=DAY, step=1):
    return [(first + timedelta(index * step), value) for index, value in enumerate(values)]


def tree(svg):
    return ET.fromstring(str(svg))


def texts(svg):
    return [node.text for node in tree(svg).iter(f"{NS}text")]


def marks(svg, tag, name):
    """Elements of one tag whose class names a colour token."""
    return [node for node in tree(svg).iter(NS + tag) if name in node.get("class", "").split()]


def target(**changes):
    given = {"value": 20, "due": date(2026, 12, 31), "start": DAY, "baseline": 10, **changes}
    return Target(**given)


def every_kind(word="Acme", value=12.5):
    series = Series(word, run([1, value, None, 3]))
    path = target(label=word, checkpoints=[(date(2026, 6, 1), value)])
    kinds = {
        "line": line_chart(
            [series, Series("Peers", run([2, 3]))],
            title=word,
            unit=word,
            baseline=value,
            target=path,
            forecast=value,
            today=date(2026, 3, 1),
        ),
        "bars": bar_chart([Bar(word, value, "slipping"), Bar("b", None)], title=word, unit=word),
        "columns": column_chart([Bar(word, value), Bar("b", 2, strong=True)], title=word, unit=word),
        "limits": limit_chart(
            [Column(word, value, 3), Column("b", 2, 3)],
            title=word,
            value_label=word,
            limit_label="Most",
            unit=word,
        ),
        "ladder": ladder([Level(1, word, word), Level(2, "Two")], current=2, baseline=1, title=word),
        "pareto": pareto_chart(
            [Carrier(word, value, 80), Carrier("b", 2, 100)], cut=1, title=word, unit=word, cut_note=word
        ),
        "histogram": histogram(
            [value, 0, 3, 1],
            title=word,
            label=word,
            outlines=[Outline(word, [0, 2, value, 0]), Outline("b", [1, 1, 1, 1])],
            stretches=[Stretch(word, 0, 40, "off_track", word, word), Stretch("b", 40, 100, "x")],
            mark=(value, word),
            unit=word,
        ),
        "stacked": stacked_bar([Part(word, 3, "ahead"), Part("b", 4)], title=word),
    }
    pictures = {
        f"{name} {way}": getattr(chart, way) for name, chart in kinds.items() for way in ("svg", "narrow")
    }
    return pictures | {"spark": sparkline([1, value, None, 4], label=word, baseline=value)}
