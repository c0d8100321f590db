"""Upright columns, each against a limit of its own: hours promised against hours available."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from csworkspace.charts.chart import Chart
from csworkspace.charts.scales import Number, Scale, finite
from csworkspace.charts.svg import document, fill, fit, line, rect, stroke, text
from csworkspace.web.formats import compact, with_unit


@dataclass(frozen=True)
class Column:
    """A named value and what it may be at most."""

    label: str
    value: Number
    limit: Number

    @property
    def is_over(self) -> bool:
        """Whether the value is above its limit."""
        return (finite(self.value) or 0.0) > (finite(self.limit) or 0.0)


def limit_chart(
    columns: Sequence[Column],
    *,
    title: str,
    value_label: str,
    limit_label: str,
    unit: str = "",
    uid: str = "",
    size: tuple[int, int] = (720, 240),
) -> Chart:
    """A column from zero for each value, and a broad line across it at its limit; both written below.

    A column above its limit has the colour of what is off track, and stands above the line.
    """

    def draw(width: int, key: str) -> SafeString:
        body = _columns(columns, unit, width, size[1]) + _legend(value_label, limit_label)
        return document(width, size[1], title, _summary(columns, unit, value_label, limit_label), body, key)

    def rows() -> list[list[str]]:
        return [[one.label, with_unit(one.value, unit), with_unit(one.limit, unit)] for one in columns]

    return Chart(draw, ["Name", value_label, limit_label], rows, width=size[0], uid=uid)


def _summary(columns: Sequence[Column], unit: str, value_label: str, limit_label: str) -> str:
    parts = [
        f"{one.label}: {value_label} {with_unit(one.value, unit)}, {limit_label} {with_unit(one.limit, unit)}"
        for one in columns[:12]
    ]
    return "; ".join(parts) + "." if parts else "No data yet."


def _legend(value_label: str, limit_label: str) -> str:
    sign = rect(0, 4, 10, 10, fill("chart-actual")) + text(16, 13, fit(value_label, 120))
    return sign + line(150, 9, 172, 9, stroke("chart-target", 3)) + text(178, 13, fit(limit_label, 120))


def _columns(columns: Sequence[Column], unit: str, width: int, height: int) -> str:
    if not columns:
        return text(width / 2, height / 2, "No data yet", "ink-3", anchor="middle")
    slot = width / len(columns)
    highest = max(max(finite(one.value) or 0.0, finite(one.limit) or 0.0) for one in columns)
    scale = Scale(0, max(highest, 0) or 1, height - 42, 32)
    drawn = [_column(one, unit, scale, (n + 0.5) * slot, slot) for n, one in enumerate(columns)]
    return "".join(drawn) + line(0, scale.start, width, scale.start, stroke("chart-axis"))


def _column(one: Column, unit: str, scale: Scale, middle: float, slot: float) -> str:
    top, at = (scale(max(finite(each) or 0.0, 0.0)) for each in (one.value, one.limit))
    broad = min(slot * 0.5, 72)
    token = "off-track" if one.is_over else "chart-actual"
    # The figures stand below, where column and line cannot run through them.
    figures = f"{compact(one.value)} of {with_unit(one.limit, unit, short=True)}"
    return (
        rect(middle - broad / 2, top, broad, scale.start - top, fill(token))
        + line(middle - broad * 0.75, at, middle + broad * 0.75, at, stroke("chart-target", 3))
        + text(middle, scale.start + 17, fit(one.label, slot - 4), "ink", anchor="middle", bold=True)
        + text(middle, scale.start + 34, fit(figures, slot - 4), "ink-2", anchor="middle")
    )
