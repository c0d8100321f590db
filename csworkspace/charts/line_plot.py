"""Drawing of the line chart: frame, axes, lines, and labels that keep out of each other's way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from csworkspace.charts.labels import EndLabel, Spot, beside, margin_labels, margin_width
from csworkspace.charts.paths import XY, path_text, segments, thinned
from csworkspace.charts.scales import Scale, day_ticks, is_currency, tick_labels, value_ticks
from csworkspace.charts.svg import clean, fill, line, num, outline, stroke, text, text_width
from csworkspace.web.formats import with_unit
from csworkspace.web.times import day_short

Points = Sequence[tuple[int, float | None]]


@dataclass(frozen=True)
class Plot:
    """What is to be drawn, in plain numbers: days as ordinals, values as floats."""

    labels: Sequence[str]
    tokens: Sequence[str]
    runs: Sequence[Points]
    unit: str
    baseline: float | None
    path: tuple[tuple[int, float], tuple[int, float]] | None
    checkpoints: Points
    target_label: str
    forecast: float | None
    today: int | None

    def values(self) -> Iterator[float]:
        """Every value that must lie inside the frame."""
        for run in (*self.runs, self.checkpoints, self.path or ()):
            yield from (value for _, value in run if value is not None)
        yield from (value for value in (self.baseline, self.forecast) if value is not None)

    def days(self) -> Iterator[int]:
        """Every day that must lie inside the frame."""
        for run in (*self.runs, self.checkpoints, self.path or ()):
            yield from (when for when, _ in run)

    @property
    def unit_word(self) -> str:
        """A unit that is a word: it stands once above the axis instead of after every number."""
        return "" if self.unit == "%" or is_currency(self.unit) else self.unit

    def words(self, value: float) -> str:
        """A value as its label says it."""
        return with_unit(value, "" if self.unit_word else self.unit, short=True)

    def expected(self, when: int) -> float | None:
        """The target path's value on a day: b + (T - b)·t/n, within its start and due day."""
        if not self.path:
            return None
        (start, low), (due, high) = self.path
        if not start <= when <= due:
            return None
        return high if due == start else low + (high - low) * (when - start) / (due - start)


@dataclass(frozen=True)
class Frame:
    """The drawing area and its two scales."""

    left: float
    top: float
    right: float
    bottom: float
    x: Scale
    y: Scale


def draw_plot(plot: Plot, width: int, height: int) -> str:
    """Everything inside the <svg>, back to front."""
    if not any(True for _ in plot.days()):
        return _nothing(width, height)
    frame, labels, axes = _layout(plot, width, height)
    runs = [_pixel_runs(frame, run) for run in plot.runs]
    parts = [axes, _levels(plot, frame), _target(plot, frame)]
    parts += [_series(run, token) for run, token in zip(runs, plot.tokens, strict=True)]
    parts.append(margin_labels(labels, frame.right + 8, width - frame.right - 8, frame.top, frame.bottom))
    parts.append(_floating_labels(plot, frame, runs))
    if not any(runs):
        parts.append(
            text((frame.left + frame.right) / 2, frame.top + 16, "No data yet", "ink-3", anchor="middle")
        )
    return "".join(parts)


def _nothing(width: int, height: int) -> str:
    frame = line(0, height - 24, width, height - 24, stroke("chart-axis"))
    return frame + text(width / 2, height / 2, "No data yet", "ink-3", anchor="middle")


def _layout(plot: Plot, width: int, height: int) -> tuple[Frame, list[EndLabel], str]:
    ticks = value_ticks(plot.values(), 4 if height > 200 else 3)
    words = tick_labels(ticks, plot.unit)
    left, bottom = max(map(text_width, words)) + 10, height - 28.0
    top = 30.0 if plot.unit_word or plot.today else 12.0
    first, last = _day_range(plot)
    y = Scale(ticks[0], ticks[-1], bottom, top)
    labels = _margin_texts(plot, y, first, last)
    right = width - margin_width(labels, width * 0.32)
    frame = Frame(left, top, right, bottom, Scale(first, last, left + 4, right - 4), y)
    unit = text(0, 12, plot.unit_word, "ink-3") if plot.unit_word else ""
    return frame, labels, unit + _grid(frame, ticks, words) + _day_axis(frame, first, last)


def _day_range(plot: Plot) -> tuple[int, int]:
    days = list(plot.days())
    first, last = min(days), max(days)
    return (first, last) if last > first else (max(first - 15, 1), min(last + 15, date.max.toordinal()))


def _grid(frame: Frame, ticks: Sequence[float], words: Sequence[str]) -> str:
    parts = []
    for tick, word in zip(ticks, words, strict=True):
        y = frame.y(tick)
        parts.append(
            line(frame.left, y, frame.right, y, stroke("chart-axis" if tick == ticks[0] else "chart-grid"))
        )
        parts.append(text(frame.left - 8, y + 4, word, "ink-3", anchor="end"))
    return "".join(parts)


def _day_axis(frame: Frame, first: int, last: int) -> str:
    most = max(2, int((frame.right - frame.left) / 76))
    parts, taken = [], -1e9
    for when, word in day_ticks(date.fromordinal(first), date.fromordinal(last), most):
        x, half = frame.x(when), text_width(word) / 2
        middle = min(max(x, half), frame.right + 8 - half)
        parts.append(line(x, frame.bottom, x, frame.bottom + 4, stroke("chart-axis")))
        # A long first label ("Jan 2026") may reach into its neighbour's place.
        if middle - half > taken:
            parts.append(text(middle, frame.bottom + 20, word, "ink-3", anchor="middle"))
            taken = middle + half + 4
    return "".join(parts)


def _levels(plot: Plot, frame: Frame) -> str:
    parts = []
    if plot.baseline is not None:
        y = frame.y(plot.baseline)
        parts.append(line(frame.left, y, frame.right, y, stroke("chart-baseline", 1.25, "2 4")))
    if plot.today is not None and frame.x.low <= plot.today <= frame.x.high:
        x = frame.x(plot.today)
        parts.append(line(x, frame.top - 6, x, frame.bottom, stroke("line-strong")))
        parts.append(text(x, frame.top - 10, "Today", "ink-3", anchor="middle", size=11))
    return "".join(parts)


def _target(plot: Plot, frame: Frame) -> str:
    if not plot.path:
        return ""
    (start, low), (due, high) = plot.path
    parts = [
        line(frame.x(start), frame.y(low), frame.x(due), frame.y(high), stroke("chart-target", 1.5, "6 4"))
    ]
    for when, value in plot.checkpoints:
        if value is not None:
            parts.append(_diamond(frame.x(when), frame.y(value), 4, _checkpoint_title(plot, when, value)))
    end = _last(plot.runs[0]) if plot.runs else None
    if plot.forecast is not None and end and end[0] < due:
        ahead = frame.y(plot.forecast)
        parts.append(
            line(frame.x(end[0]), frame.y(end[1]), frame.x(due), ahead, stroke("chart-actual", 1.5, "1 4"))
        )
    parts.append(
        _diamond(frame.x(due), frame.y(high), 5.5, f"{plot.target_label} {with_unit(high, plot.unit)}")
    )
    return "".join(parts)


def _checkpoint_title(plot: Plot, when: int, value: float) -> str:
    return f"Checkpoint {day_short(date.fromordinal(when))}: {with_unit(value, plot.unit)}"


def _diamond(x: float, y: float, half: float, title: str) -> str:
    side = num(half)
    corners = f"M{num(x)} {num(y - half)}l{side} {side}l-{side} {side}l-{side} -{side}z"
    return f'<path d="{corners}" {outline("chart-target", "paper")}><title>{clean(title)}</title></path>'


def _pixel_runs(frame: Frame, run: Points) -> list[list[XY]]:
    placed = ((frame.x(when), None if value is None else frame.y(value)) for when, value in run)
    return [thinned(part) for part in segments(placed)]


def _series(runs: Sequence[list[XY]], token: str) -> str:
    parts = []
    for run in runs:
        if len(run) == 1:
            parts.append(f'<circle cx="{num(run[0][0])}" cy="{num(run[0][1])}" r="2" {fill(token)}/>')
        else:
            parts.append(f'<path d="{path_text(run)}" stroke-linejoin="round" {stroke(token, 2)}/>')
    if runs:
        x, y = runs[-1][-1]
        parts.append(f'<circle cx="{num(x)}" cy="{num(y)}" r="4" {outline(token, "paper", 2)}/>')
    return "".join(parts)


def _last(run: Points) -> tuple[int, float] | None:
    return next(((when, value) for when, value in reversed(run) if value is not None), None)


def _reaches_margin(end: tuple[int, float], first: int, last: int) -> bool:
    return last - end[0] <= (last - first) * 0.02


def _margin_texts(plot: Plot, y: Scale, first: int, last: int) -> list[EndLabel]:
    labels = []
    for run, name, token in zip(plot.runs, plot.labels, plot.tokens, strict=True):
        end = _last(run)
        if end and _reaches_margin(end, first, last):
            labels.append(EndLabel(y(end[1]), plot.words(end[1]), name, token))
    if plot.path:
        due, value = plot.path[1]
        words = f"{plot.target_label} {plot.words(value)}"
        labels.append(EndLabel(y(value), words, f"by {day_short(date.fromordinal(due))}", "chart-target"))
    if plot.forecast is not None:
        words = f"Forecast {plot.words(plot.forecast)}"
        labels.append(EndLabel(y(plot.forecast), words, "", "chart-actual"))
    if plot.baseline is not None:
        words = f"Baseline {plot.words(plot.baseline)}"
        labels.append(EndLabel(y(plot.baseline), words, "", "chart-baseline"))
    return labels


def _floating_labels(plot: Plot, frame: Frame, runs: Sequence[list[list[XY]]]) -> str:
    """Labels of the series that end before the right edge, beside their last point."""
    area = Spot(frame.left, frame.top - 8, frame.right - frame.left, frame.bottom - frame.top + 6)
    obstacles = [point for run in runs for part in run for point in part] + _ruled_points(plot, frame)
    parts = []
    for run, name, token in zip(plot.runs, plot.labels, plot.tokens, strict=True):
        end = _last(run)
        if end and not _reaches_margin(end, int(frame.x.low), int(frame.x.high)):
            value = plot.words(end[1])
            words = value if len(plot.runs) == 1 else f"{name} {value}"
            parts.append(beside((frame.x(end[0]), frame.y(end[1])), words, area, obstacles, token))
    return "".join(parts)


def _ruled_points(plot: Plot, frame: Frame) -> list[XY]:
    """Points every few pixels along the straight lines, for labels to avoid."""
    across = [frame.left + step for step in range(0, int(frame.right - frame.left), 6)]
    points: list[XY] = [(x, frame.y(plot.baseline)) for x in across] if plot.baseline is not None else []
    if plot.path:
        (start, low), (due, high) = plot.path
        slope = Scale(frame.x(start), frame.x(due), frame.y(low), frame.y(high))
        points += [(x, slope(x)) for x in across if slope.low <= x <= slope.high]
    points += [(frame.x(when), frame.y(value)) for when, value in plot.checkpoints if value is not None] * 3
    if plot.today is not None:
        x = frame.x(plot.today)
        points += [(x, frame.top + step) for step in range(0, int(frame.bottom - frame.top), 6)]
    return points
