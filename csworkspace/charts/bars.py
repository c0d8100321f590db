"""Bars: horizontal for named things, upright columns for an ordered scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from csworkspace.charts.chart import Chart
from csworkspace.charts.scales import Number, Scale, finite
from csworkspace.charts.svg import STATUS_TOKENS, document, fill, fit, line, rect, stroke, text, text_width
from csworkspace.web.formats import with_unit


@dataclass(frozen=True)
class Bar:
    """A named value; ``status`` (ahead, on_track, …) colours it, ``strong`` marks one among equals.

    ``written``: the value in words, such as a difference with its sign.
    """

    label: str
    value: Number | None
    status: str = ""
    strong: bool = False
    written: str = ""

    def words(self, unit: str, *, short: bool = False) -> str:
        """The value as it is written: as ``written`` says, or with its unit."""
        return self.written or with_unit(self.value, unit, short=short)

    @property
    def token(self) -> str:
        """The colour's token."""
        return STATUS_TOKENS.get(self.status, "chart-actual")


def bar_chart(
    bars: Sequence[Bar], *, title: str, unit: str = "", description: str = "", uid: str = "", width: int = 720
) -> Chart:
    """Horizontal bars from zero, in the order given, each with its name and value written out."""

    def draw(space: int, key: str) -> SafeString:
        body, height = _rows(bars, unit, space)
        return document(space, height, title, description or _summary(bars, unit), body, key)

    return Chart(draw, ["Name", title], lambda: _table(bars, unit), width=width, uid=uid)


def column_chart(
    bars: Sequence[Bar],
    *,
    title: str,
    unit: str = "",
    description: str = "",
    uid: str = "",
    width: int = 720,
    height: int = 220,
) -> Chart:
    """Upright columns for an ordered scale (maturity levels, score bands), values above them."""

    def draw(space: int, key: str) -> SafeString:
        body = _columns(bars, unit, space, height)
        return document(space, height, title, description or _summary(bars, unit), body, key)

    return Chart(draw, ["Name", title], lambda: _table(bars, unit), width=width, uid=uid)


def _table(bars: Sequence[Bar], unit: str) -> list[list[str]]:
    return [[bar.label, bar.words(unit)] for bar in bars]


def _summary(bars: Sequence[Bar], unit: str) -> str:
    shown = [f"{bar.label}: {bar.words(unit)}" for bar in bars[:12]]
    return (
        "; ".join(shown) + (f"; and {len(bars) - 12} more." if len(bars) > 12 else ".")
        if shown
        else "No data yet."
    )


def _rows(bars: Sequence[Bar], unit: str, width: int) -> tuple[str, float]:
    if not bars:
        return text(width / 2, 32, "No data yet", "ink-3", anchor="middle"), 56
    stacked = width < 480
    step, above = (42, 18) if stacked else (28, 0)
    # Bold letters are a little wider.
    names = max(text_width(bar.label) * (1.08 if bar.strong else 1.02) for bar in bars) + 16
    names = 0.0 if stacked else min(names, width * 0.5)
    scale = _bar_scale(bars, unit, names, width)
    parts = []
    for index, bar in enumerate(bars):
        top = index * step + 4
        room = width if stacked else names - 14
        name_x, anchor = (0.0, "start") if stacked else (names - 12, "end")
        parts.append(text(name_x, top + 13, fit(bar.label, room), "ink", anchor=anchor, bold=bar.strong))
        parts.append(_bar(bar, unit, scale, top + above))
        # The zero line runs through beside names, and stops at each bar under them.
        air = 0 if stacked else 5
        parts.append(
            line(scale(0), top + above - air, scale(0), top + above + 18 + air, stroke("chart-axis"))
        )
    return "".join(parts), len(bars) * step + 4


def _bar_scale(bars: Sequence[Bar], unit: str, names: float, width: int) -> Scale:
    known = [finite(bar.value) or 0.0 for bar in bars]
    low, high = min(0.0, *known), max(0.0, *known)
    figures = max(text_width(bar.words(unit, short=True)) for bar in bars) * 1.05 + 10
    left = names + (figures if low < 0 else 1)
    return Scale(low, high if high > low else low + 1, left, max(width - figures, left + 20))


def _bar(bar: Bar, unit: str, scale: Scale, top: float) -> str:
    value = finite(bar.value)
    zero = scale(0)
    written = bar.words(unit, short=True)
    if value is None:
        return text(zero + 6, top + 13, "No data", "ink-3")
    end = scale(value)
    x, anchor = (end - 6, "end") if value < 0 else (end + 6, "start")
    size = max(abs(end - zero), 1 if value else 0)
    return rect(min(zero, end), top, size, 18, fill(bar.token)) + text(
        x, top + 13, written, "ink", anchor=anchor, bold=bar.strong
    )


def _columns(bars: Sequence[Bar], unit: str, width: int, height: int) -> str:
    if not bars:
        return text(width / 2, height / 2, "No data yet", "ink-3", anchor="middle")
    slot = width / len(bars)
    floor = height - 24
    values = [max(finite(bar.value) or 0.0, 0.0) for bar in bars]
    scale = Scale(0, max(values) or 1, floor, 22)
    parts = []
    for index, (bar, value) in enumerate(zip(bars, values, strict=True)):
        middle, broad = (index + 0.5) * slot, min(slot * 0.72, 96)
        parts.append(rect(middle - broad / 2, scale(value), broad, floor - scale(value), fill(bar.token)))
        parts.append(
            text(
                middle,
                scale(value) - 6,
                bar.words(unit, short=True),
                "ink",
                anchor="middle",
                bold=bar.strong,
            )
        )
        parts.append(
            text(middle, height - 6, fit(bar.label, slot - 4), "ink-2", anchor="middle", bold=bar.strong)
        )
    return "".join(parts) + line(0, floor, width, floor, stroke("chart-axis"))
