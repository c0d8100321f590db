"""The Pareto chart: values from the largest down, the share that they carry together, and where it is cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from csworkspace.charts.chart import Chart
from csworkspace.charts.labels import Spot, beside
from csworkspace.charts.paths import XY, path_text, thinned
from csworkspace.charts.scales import Number, Scale, finite, tick_labels, value_ticks
from csworkspace.charts.svg import document, fill, line, num, outline, rect, stroke, text, text_width
from csworkspace.web.formats import number, percent, plural, with_unit

TOP, BOTTOM, HEIGHT = 26, 44, 320
STEPS = 4
# A narrower bar than this is drawn as part of one outline.
SEPARATE = 4


@dataclass(frozen=True)
class Carrier:
    """A named value, and the percent of the total that it and all before it carry."""

    label: str
    value: Number
    carried: Number


@dataclass(frozen=True)
class _Frame:
    """The plot: a slot for each value, the heights of values and of percent."""

    across: Scale
    up: Scale
    percent: Scale
    ticks: list[float]

    @property
    def floor(self) -> float:
        """Where bars stand."""
        return self.up.start


def pareto_chart(
    carriers: Sequence[Carrier],
    *,
    cut: int,
    title: str,
    unit: str = "",
    what: str = "account",
    cut_note: str = "",
    uid: str = "",
    width: int = 720,
) -> Chart:
    """Values, the largest first; the first `cut` of them are marked as the top group.

    `what` is one of them ("account"); `cut_note` names the group in the picture and its description.
    """

    def draw(space: int, key: str) -> SafeString:
        words = _summary(carriers, cut, unit, what, cut_note)
        return document(space, HEIGHT, title, words, _body(carriers, cut, unit, what, cut_note, space), key)

    columns = [what.capitalize(), title, "Carried together", "Top group"]
    return Chart(draw, columns, lambda: _table(carriers, cut, unit), width=width, uid=uid, from_start=True)


def _table(carriers: Sequence[Carrier], cut: int, unit: str) -> list[list[str]]:
    return [
        [one.label, with_unit(one.value, unit), _percent(one.carried), "Yes" if rank <= cut else "No"]
        for rank, one in enumerate(carriers, 1)
    ]


def _summary(carriers: Sequence[Carrier], cut: int, unit: str, what: str, note: str) -> str:
    if not carriers:
        return "No data yet."
    first = carriers[0]
    largest = f"The largest is {first.label}: {with_unit(first.value, unit)}, {_percent(first.carried)}."
    return f"{plural(len(carriers), what)}, the largest first. {note or f'The cut is after {cut}'}. {largest}"


def _percent(value: Number) -> str:
    return percent((finite(value) or 0.0) / 100, 1)


def _body(carriers: Sequence[Carrier], cut: int, unit: str, what: str, note: str, width: int) -> str:
    if not carriers:
        return text(width / 2, HEIGHT / 2, "No data yet", "ink-3", anchor="middle")
    frame = _frame(carriers, unit, width)
    inside = max(0, min(cut, len(carriers)))
    return (
        _axes(frame, unit, f"{what.capitalize()}s, the largest first")
        + _bars(carriers[:inside], frame, 0, "chart-actual")
        + _bars(carriers[inside:], frame, inside, "line-strong")
        + _carried(carriers, frame, inside, note)
    )


def _frame(carriers: Sequence[Carrier], unit: str, width: int) -> _Frame:
    high = max(max(finite(one.value) or 0.0 for one in carriers), 0.0) or 1.0
    # As many steps as the percent axis has, so that one grid serves both.
    step = value_ticks([0.0, high], STEPS)[1]
    ticks = [index * step for index in range(STEPS + 1)]
    left = max(text_width(label) for label in tick_labels(ticks, unit)) * 1.05 + 10
    floor = HEIGHT - BOTTOM
    return _Frame(
        Scale(0, len(carriers), left, max(width - 44, left + 20)),
        Scale(0, ticks[-1], floor, TOP),
        Scale(0, 100, floor, TOP),
        ticks,
    )


def _axes(frame: _Frame, unit: str, words: str) -> str:
    left, right = frame.across.start, frame.across.end
    parts = []
    for index, (tick, label) in enumerate(zip(frame.ticks, tick_labels(frame.ticks, unit), strict=True)):
        y = frame.up(tick)
        parts.append(line(left, y, right, y, stroke("chart-grid" if index else "chart-axis")))
        parts.append(text(left - 8, y + 4, label, "ink-3", anchor="end"))
        parts.append(text(right + 8, y + 4, f"{index * 100 // STEPS}%", "chart-2"))
    for count in _counts(int(frame.across.high)):
        parts.append(text(frame.across(count), frame.floor + 18, number(count), "ink-3", anchor="middle"))
    return "".join(parts) + text((left + right) / 2, frame.floor + 37, words, "ink-3", anchor="middle")


def _counts(most: int) -> list[int]:
    """Round counts to name under the axis; the last one always, and none close before it."""
    ticks = [int(tick) for tick in value_ticks([0.0, float(most)]) if tick == int(tick)]
    return [tick for tick in ticks if 0 < tick < most * 0.93] + [most]


def _bars(carriers: Sequence[Carrier], frame: _Frame, before: int, token: str) -> str:
    slot = frame.across(1) - frame.across(0)
    heights = [frame.up(max(finite(one.value) or 0.0, 0.0)) for one in carriers]
    if slot >= SEPARATE:
        return "".join(
            rect(frame.across(at) + 0.5, y, slot - 1, frame.floor - y, fill(token))
            for at, y in enumerate(heights, before)
        )
    return _outline(heights, frame, before, token) if heights else ""


def _outline(heights: Sequence[float], frame: _Frame, before: int, token: str) -> str:
    """Many bars as one stepped shape."""
    steps: list[XY] = [(frame.across(before), frame.floor)]
    for at, y in enumerate(heights, before):
        steps += [(frame.across(at), y), (frame.across(at + 1), y)]
    end = (frame.across(before + len(heights)), frame.floor)
    return f'<path d="{path_text([*thinned(steps), end])}Z" {fill(token)}/>'


def _carried(carriers: Sequence[Carrier], frame: _Frame, cut: int, note: str) -> str:
    """The line of what is carried together, and the mark of the cut on it."""
    start: XY = (frame.across(0), frame.floor)
    points = [start]
    for rank, one in enumerate(carriers, 1):
        points.append((frame.across(rank), frame.percent(min(finite(one.carried) or 0.0, 100.0))))
    drawn = f'<path d="{path_text(thinned(points))}" {stroke("chart-2", 2)}/>'
    if not cut:
        return drawn
    x, y = points[cut]
    marks = line(x, TOP, x, frame.floor, stroke("ink-2", 1, "4 3"))
    marks += line(x, y, frame.across.end, y, stroke("chart-2", 1, "2 3"))
    ring = f'<circle cx="{num(x)}" cy="{num(y)}" r="4.5" {outline("chart-2", "paper", 2)}/>'
    room = Spot(frame.across.start, TOP, frame.across.end - frame.across.start, frame.floor - TOP)
    return drawn + marks + ring + (beside((x, y), note, room, points, "ink") if note else "")
