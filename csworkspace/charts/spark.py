"""Sparklines: the shape of a series, small enough for a table cell."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from csworkspace.charts.paths import path_text, segments, thinned
from csworkspace.charts.scales import Number, Scale, finite
from csworkspace.charts.svg import clean, fill, line, num, opening, stroke


def sparkline(
    values: Sequence[Number | None],
    *,
    label: str,
    baseline: Number | None = None,
    width: int = 96,
    height: int = 24,
) -> SafeString:
    """The values, evenly spaced, with a dot on the last known one; None leaves a gap.

    ``label`` names the picture for those who cannot see it ("Weekly users: 164 to 184 in 90 days").
    ``baseline`` is drawn as a dashed line and kept within the picture.
    """
    known = [finite(value) for value in values]
    base = finite(baseline)
    body = _body(known, base, width, height)
    start = opening(width, height, 'class="sparkline"')
    return mark_safe(f"{start}<title>{clean(label)}</title>{body}</svg>")


def _body(known: list[float | None], base: float | None, width: int, height: int) -> str:
    extent = [value for value in (*known, base) if value is not None]
    if not extent:
        return line(3, height / 2, width - 3, height / 2, stroke("chart-grid", 1, "2 3"))
    low, high = min(extent), max(extent)
    # Equal values run through the middle, not along the floor.
    if low == high:
        low, high = low - 1 - abs(low), high + 1 + abs(high)
    x, y = Scale(0, max(len(known) - 1, 1), 3, width - 4), Scale(low, high, height - 3, 3)
    runs = segments((x(index), None if value is None else y(value)) for index, value in enumerate(known))
    drawn = "".join(_run(thinned(run)) for run in runs)
    rule = "" if base is None else line(3, y(base), width - 4, y(base), stroke("chart-baseline", 1, "2 3"))
    return rule + drawn + (_dot(*runs[-1][-1]) if runs else "")


def _run(run: list[tuple[float, float]]) -> str:
    if len(run) == 1:
        return _dot(*run[0], radius=1)
    return f'<path d="{path_text(run)}" stroke-linejoin="round" {stroke("chart-actual", 1.5)}/>'


def _dot(x: float, y: float, radius: float = 2.25) -> str:
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{radius}" {fill("chart-actual")}/>'
