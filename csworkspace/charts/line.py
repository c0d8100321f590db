"""Actual against baseline and target over time: the chart that every claim of value rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from csworkspace.charts.chart import Chart
from csworkspace.charts.line_plot import Plot, draw_plot
from csworkspace.charts.scales import Number, finite
from csworkspace.charts.svg import document
from csworkspace.web.formats import with_unit
from csworkspace.web.times import day


@dataclass(frozen=True)
class Series:
    """A named run of (day, value); a value of None (or NaN) is a day without data and breaks the line.

    Days may come in any order; ``token`` is a colour name of `csworkspace.charts.svg.COLOURS`.
    """

    label: str
    points: Sequence[tuple[date, Number | None]]
    token: str = ""


@dataclass(frozen=True)
class Target:
    """The value to reach by a day, and the path to it: a straight line from (start, baseline).

    ``checkpoints`` are (day, value) on the way.
    """

    value: Number
    due: date
    start: date
    baseline: Number
    checkpoints: Sequence[tuple[date, Number]] = ()
    label: str = "Target"


SERIES_TOKENS = ("chart-actual", "chart-2", "chart-3", "chart-4")


def line_chart(
    series: Series | Sequence[Series],
    *,
    title: str,
    unit: str = "",
    baseline: Number | None = None,
    target: Target | None = None,
    forecast: Number | None = None,
    today: date | None = None,
    description: str = "",
    uid: str = "",
    size: tuple[int, int] = (720, 280),
) -> Chart:
    """One to four series over days, with what they are measured against, each labelled where it ends.

    ``baseline`` is a dashed level; ``target`` a dashed path with checkpoints as diamonds; ``forecast`` (in
    the unit, at the target's due day) a dotted line from the last known value; ``today`` a fine rule.
    ``unit`` is "%", a currency code, or a word. Nothing known gives an empty frame that says so.
    """
    many = [series] if isinstance(series, Series) else list(series)[: len(SERIES_TOKENS)]
    plot = _plot(many, unit, baseline, target, forecast, today)
    text = description or _summary(many, plot, unit)

    def draw(width: int, key: str) -> SafeString:
        height = size[1] if width == size[0] else min(size[1], 260)
        return document(width, height, title, text, draw_plot(plot, width, height), key)

    columns = ["Day", *(one.label for one in many), *(["Target path"] if target else [])]
    return Chart(draw, columns, lambda: _rows(plot, unit), width=size[0], uid=uid)


def _plot(
    many: Sequence[Series],
    unit: str,
    baseline: Number | None,
    target: Target | None,
    forecast: Number | None,
    today: date | None,
) -> Plot:
    return Plot(
        labels=[one.label for one in many],
        tokens=[one.token or token for one, token in zip(many, SERIES_TOKENS, strict=False)],
        runs=[_clean(one.points) for one in many],
        unit=unit,
        baseline=finite(baseline),
        path=_path(target),
        checkpoints=_clean(target.checkpoints) if target else [],
        target_label=target.label if target else "",
        forecast=finite(forecast) if target else None,
        today=today.toordinal() if today else None,
    )


def _clean(points: Sequence[tuple[date, Number | None]]) -> list[tuple[int, float | None]]:
    """Days as ordinals, in order; the last of several values for a day counts."""
    return sorted({when.toordinal(): finite(value) for when, value in points}.items())


def _path(target: Target | None) -> tuple[tuple[int, float], tuple[int, float]] | None:
    if target is None:
        return None
    start, end = finite(target.baseline), finite(target.value)
    if start is None or end is None:
        return None
    return (target.start.toordinal(), start), (target.due.toordinal(), end)


def _summary(many: Sequence[Series], plot: Plot, unit: str) -> str:
    parts = [_series_summary(label, run, unit) for label, run in zip(plot.labels, plot.runs, strict=True)]
    if plot.baseline is not None:
        parts.append(f"Baseline {with_unit(plot.baseline, unit)}.")
    if plot.path:
        due, value = plot.path[1]
        parts.append(f"{plot.target_label} {with_unit(value, unit)} by {day(date.fromordinal(due))}.")
    return " ".join(parts)


def _series_summary(label: str, run: Sequence[tuple[int, float | None]], unit: str) -> str:
    known = [(when, value) for when, value in run if value is not None]
    if not known:
        return f"{label}: no data yet."
    (first, was), (last, now) = known[0], known[-1]
    since = f"{with_unit(was, unit)} on {day(date.fromordinal(first))}"
    return f"{label}: {since}, {with_unit(now, unit)} on {day(date.fromordinal(last))}."


def _rows(plot: Plot, unit: str) -> list[list[str]]:
    """Newest day last; every day of any series, and the path's expected value on it."""
    values = [dict(run) for run in plot.runs]
    rows = []
    for when in sorted(set().union(*values)):
        cells = [with_unit(one.get(when), unit) for one in values]
        expected = [with_unit(plot.expected(when), unit)] if plot.path else []
        rows.append([day(date.fromordinal(when)), *cells, *expected])
    return rows
