"""A distribution over a scale: columns for now, outlines for earlier, and the named bands of the scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

from csworkspace.charts.chart import Chart
from csworkspace.charts.paths import XY, path_text
from csworkspace.charts.scales import Number, Scale, finite, is_currency, tick_labels, value_ticks
from csworkspace.charts.svg import (
    STATUS_TOKENS,
    clean,
    document,
    fill,
    fit,
    line,
    opening,
    rect,
    shape,
    stroke,
    text,
    text_width,
)
from csworkspace.web.formats import number, with_unit

TOP, BOTTOM, LEGEND = 34, 78, 22
# A row of the list of names, where they have no room below their stretches.
ROW = 20
NARROW = 640
LOOKS = (("ink", 1.75, ""), ("chart-2", 1.75, "1.5 4"))


@dataclass(frozen=True)
class Outline:
    """An earlier distribution over the same columns."""

    label: str
    heights: Sequence[Number]


@dataclass(frozen=True)
class Stretch:
    """A named part of the scale from `start` to `end`; status gives its sign, notes stand below its name."""

    label: str
    start: float
    end: float
    status: str
    note: str = ""
    further: str = ""


@dataclass(frozen=True)
class _Frame:
    """Where values of the scale and heights are drawn."""

    across: Scale
    up: Scale
    ticks: list[float]

    @property
    def floor(self) -> float:
        return self.up.start


def histogram(
    heights: Sequence[Number],
    *,
    title: str,
    label: str,
    outlines: Sequence[Outline] = (),
    stretches: Sequence[Stretch] = (),
    mark: tuple[Number, str] | None = None,
    high: int = 100,
    unit: str = "",
    description: str = "",
    uid: str = "",
    size: tuple[int, int] = (1110, 380),
) -> Chart:
    """Columns of equal width from 0 to `high`; at most two outlines lie over them, named in a legend.

    `label` says when the columns are; `mark` is a value on the scale and its words, such as the median.
    """
    shown = list(outlines)[: len(LOOKS)]

    def draw(width: int, key: str) -> SafeString:
        height = size[1] if width >= NARROW else 320 + ROW * len(stretches)
        body = _body(heights, label, shown, stretches, mark, high, unit, width, height)
        return document(width, height, title, description or _summary(stretches, mark), body, key)

    columns = ["Score", label, *(one.label for one in shown)]
    return Chart(draw, columns, lambda: _table(heights, shown, high, unit), width=size[0], uid=uid)


def small_histogram(
    heights: Sequence[Number], *, label: str, cuts: Sequence[float] = (), high: int = 100
) -> SafeString:
    """A distribution small enough for a table cell; `cuts` are where bands begin, drawn as gaps below."""
    width, height = 132, 30
    most = max([finite(one) or 0.0 for one in heights], default=0.0) or 1.0
    slot = width / max(len(heights), 1)
    parts = []
    for at, one in enumerate(heights):
        tall = (finite(one) or 0.0) / most * (height - 5)
        tall = max(tall, 1.5) if tall else 0
        if tall:
            parts.append(rect(at * slot + 0.5, height - 4 - tall, slot - 1, tall, fill("chart-actual")))
    edges = [0.0, *(cut / high * width for cut in cuts if 0 < cut < high), float(width)]
    for left, right in pairwise(edges):
        parts.append(line(left + 1, height - 2, right - 1, height - 2, stroke("chart-axis")))
    start = opening(width, height, 'class="sparkline"')
    return mark_safe(f"{start}<title>{clean(label)}</title>{''.join(parts)}</svg>")


def _table(heights: Sequence[Number], outlines: Sequence[Outline], high: int, unit: str) -> list[list[str]]:
    step = high / max(len(heights), 1)
    rows = []
    for at, one in enumerate(heights):
        last = at == len(heights) - 1
        name = f"{number(at * step)} to {'' if last else 'below '}{number((at + 1) * step)}"
        cells = [with_unit(outline.heights[at], unit) for outline in outlines]
        rows.append([name, with_unit(one, unit), *cells])
    return rows


def _summary(stretches: Sequence[Stretch], mark: tuple[Number, str] | None) -> str:
    parts = [f"{one.label}: {one.note} {one.further}".strip() for one in stretches]
    return "; ".join(parts) + (f". {mark[1]}." if mark else ".") if parts else "No data yet."


def _body(
    heights: Sequence[Number],
    label: str,
    outlines: Sequence[Outline],
    stretches: Sequence[Stretch],
    mark: tuple[Number, str] | None,
    high: int,
    unit: str,
    width: int,
    height: int,
) -> str:
    below = BOTTOM + (ROW * len(stretches) if width < NARROW else 0)
    frame = _frame([heights, *(one.heights for one in outlines)], high, unit, (width, height - below))
    drawn = _grid(frame, unit)
    if any(finite(one) for one in heights):
        drawn += _columns(heights, frame)
    else:
        middle = (frame.across.start + frame.across.end) / 2
        drawn += text(
            middle, (frame.floor + TOP) / 2, "Nobody has a score on this day", "ink-3", anchor="middle"
        )
    # The one that is compared with lies on top; no line's paper edge may hide another line.
    looks = list(zip(outlines, LOOKS, strict=False))[::-1]
    curves = [(_curve(outline.heights, frame), look) for outline, look in looks]
    drawn += "".join(_line(curve, ("paper", look[1] + 3, "")) for curve, look in curves if curve)
    drawn += "".join(_line(curve, look) for curve, look in curves if curve)
    drawn += _mark(mark, frame) if mark else ""
    return drawn + _stretches(stretches, frame, high, listed=width < NARROW) + _legend(label, outlines, width)


def _frame(rows: Sequence[Sequence[Number]], high: int, unit: str, size: tuple[int, int]) -> _Frame:
    most = max((finite(one) or 0.0 for row in rows for one in row), default=0.0)
    ticks = value_ticks([0.0, most or 1.0], 3)
    if not is_currency(unit):
        ticks = [tick for tick in ticks if tick == int(tick)]
    if len(ticks) < 2:
        ticks = [0.0, 1.0]
    left = max(text_width(label) for label in tick_labels(ticks, unit)) * 1.05 + 10
    return _Frame(Scale(0, high, left, size[0] - 6), Scale(0, ticks[-1], size[1], TOP + LEGEND), ticks)


def _grid(frame: _Frame, unit: str) -> str:
    parts = []
    for tick, label in zip(frame.ticks, tick_labels(frame.ticks, unit), strict=True):
        y = frame.up(tick)
        parts.append(
            line(frame.across.start, y, frame.across.end, y, stroke("chart-grid" if tick else "chart-axis"))
        )
        parts.append(text(frame.across.start - 8, y + 4, label, "ink-3", anchor="end"))
    return "".join(parts)


def _columns(heights: Sequence[Number], frame: _Frame) -> str:
    step = frame.across.high / len(heights)
    parts = []
    for at, one in enumerate(heights):
        left, right = frame.across(at * step), frame.across((at + 1) * step)
        y = frame.up(finite(one) or 0.0)
        if y < frame.floor:
            # What there is stays visible beside what is a thousand times more.
            y = min(y, frame.floor - 1.5)
            parts.append(rect(left + 1.5, y, right - left - 3, frame.floor - y, fill("chart-actual"), 1.5))
    return "".join(parts)


def _curve(heights: Sequence[Number], frame: _Frame) -> str:
    """The outline of the columns, in steps: a smoothed line would invent peaks between them."""
    step, known = frame.across.high / max(len(heights), 1), [finite(one) or 0.0 for one in heights]
    paths: list[str] = []
    run: list[XY] = []
    for at, one in enumerate(known):
        left, right = frame.across(at * step), frame.across((at + 1) * step)
        if one:
            run = run or [(left, frame.floor)]
            run += [(left, frame.up(one)), (right, frame.up(one))]
        if run and (not one or at == len(known) - 1):
            paths.append(path_text([*run, (run[-1][0], frame.floor)]))
            run = []
    return "".join(paths)


def _line(curve: str, look: tuple[str, float, str]) -> str:
    return f'<path d="{curve}" stroke-linejoin="miter" {stroke(*look)}/>'


def _mark(mark: tuple[Number, str], frame: _Frame) -> str:
    x, words = frame.across(finite(mark[0]) or 0.0), mark[1]
    half = text_width(words) * 1.05 / 2
    middle = max(frame.across.start + half, min(x, frame.across.end - half))
    top = TOP + LEGEND - 12
    return line(x, top, x, frame.floor, stroke("ink", 1, "2 3")) + text(
        middle, top - 5, words, "ink", anchor="middle", bold=True
    )


def _stretches(stretches: Sequence[Stretch], frame: _Frame, high: int, *, listed: bool) -> str:
    parts = []
    for at, one in enumerate(stretches):
        left, right = frame.across(one.start), frame.across(one.end)
        gap = 1.5
        parts.append(
            rect(left + gap, frame.floor + 22, max(right - left - 2 * gap, 1), 4, fill(_token(one.status)), 1)
        )
        parts.append(text(left, frame.floor + 15, number(one.start), "ink-3"))
        if listed:
            parts.append(shape(one.status, (left + right) / 2, frame.floor + 40, 9))
            parts.append(_row_words(one, frame, frame.floor + 66 + at * ROW))
        else:
            parts.append(_stretch_words(one, left, right - left, frame.floor + 44))
    if stretches:
        parts.append(text(frame.across.end, frame.floor + 15, number(high), "ink-3", anchor="end"))
    return "".join(parts)


def _token(status: str) -> str:
    return STATUS_TOKENS.get(status, "chart-axis")


def _stretch_words(one: Stretch, left: float, room: float, y: float) -> str:
    roomy = room >= 18 + text_width(one.label) * 1.05
    sign = shape(one.status, left + 7, y - 4, 9) if roomy else ""
    name = text(left + (18 if roomy else 2), y, fit(one.label, room - (18 if roomy else 2)), "ink", bold=True)
    note = text(left + 2, y + 19, fit(one.note, room - 2, 14), "ink", size=14, bold=True)
    width = text_width(one.note, 14) * 1.08 + 10
    further = one.further if width + text_width(one.further) <= room else ""
    return sign + name + note + (text(left + 2 + width, y + 19, further, "ink-3") if further else "")


def _row_words(one: Stretch, frame: _Frame, y: float) -> str:
    """A stretch as a row of the list below a narrow picture: its sign, name, and notes at the end."""
    notes = f"{one.note} ({one.further})" if one.further else one.note
    return (
        shape(one.status, 7, y - 4, 9)
        + text(18, y, one.label, "ink", bold=True)
        + text(frame.across.end, y, notes, "ink", anchor="end")
    )


def _legend(label: str, outlines: Sequence[Outline], width: int) -> str:
    parts = [rect(0, 4, 11, 11, fill("chart-actual"), 1.5), text(17, 14, label, "ink", bold=True)]
    x, y = 17 + text_width(label) * 1.06 + 22, 14.0
    for outline, look in zip(outlines, LOOKS, strict=False):
        needed = 28 + text_width(outline.label)
        if x + needed > width:
            x, y = 0.0, y + 18
        parts.append(line(x, y - 4, x + 20, y - 4, stroke(*look)))
        parts.append(text(x + 26, y, outline.label))
        x += needed + 18
    return "".join(parts)
