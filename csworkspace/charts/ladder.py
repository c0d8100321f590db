"""The maturity ladder as a picture, for reports: steps rising to the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from csworkspace.charts.chart import Chart
from csworkspace.charts.svg import document, fill, fit, rect, text, text_width

STEP = 26
TOP = 22


@dataclass(frozen=True)
class Level:
    """A level's number (from 1), its name, and a short note such as "5 of 5 behaviours"."""

    number: int
    name: str
    note: str = ""


def ladder(
    levels: Sequence[Level],
    *,
    current: int | None,
    baseline: int | None = None,
    title: str = "Maturity",
    uid: str = "",
    width: int = 720,
) -> Chart:
    """Levels lowest first; ``current`` and ``baseline`` are level numbers, 0 or None for "below the first".

    The current level is a full step with "Now" above it, reached ones are dark rules, and "Day 1" marks the
    baseline.
    """

    def draw(space: int, key: str) -> SafeString:
        upright = space < 480
        body = (
            _list(levels, current, baseline, space) if upright else _steps(levels, current, baseline, space)
        )
        height = len(levels) * 46 + 6 if upright else TOP + max(len(levels) - 1, 0) * STEP + 62
        return document(space, height, title, _summary(levels, current, baseline), body, key)

    def rows() -> list[list[str]]:
        return [
            [f"{level.number} {level.name}", _mark(level, current, baseline) or "", level.note]
            for level in levels
        ]

    return Chart(draw, ["Level", "Mark", "Evidence"], rows, width=width, uid=uid)


def _summary(levels: Sequence[Level], current: int | None, baseline: int | None) -> str:
    names = {level.number: f"level {level.number} of {len(levels)}, {level.name}" for level in levels}
    now = names.get(current or 0, "below the first level")
    return f"Now {now}." + (
        "" if baseline is None else f" On day 1 {names.get(baseline, 'below the first level')}."
    )


def _mark(level: Level, current: int | None, baseline: int | None) -> str:
    now, then = level.number == current, level.number == baseline
    return "Now, and on day 1" if now and then else "Now" if now else "Day 1" if then else ""


def _tone(level: Level, current: int | None) -> tuple[str, float]:
    """Colour and thickness of a level's rule."""
    if level.number == current:
        return "chart-actual", 10
    return ("chart-actual", 3) if level.number < (current or 0) else ("line-strong", 3)


def _steps(levels: Sequence[Level], current: int | None, baseline: int | None, width: int) -> str:
    slot = width / max(len(levels), 1)
    parts = []
    for index, level in enumerate(levels):
        x, y, room = index * slot, TOP + (len(levels) - 1 - index) * STEP, slot - 8
        token, thick = _tone(level, current)
        parts.append(rect(x, y - thick, room, thick, fill(token)))
        parts.append(_mark_text(x, y - thick - 5, level, current, baseline, room))
        parts.append(_words(level, current, x, y, room))
    return "".join(parts)


def _list(levels: Sequence[Level], current: int | None, baseline: int | None, width: int) -> str:
    parts = []
    for index, level in enumerate(reversed(levels)):
        y = index * 46
        token, thick = _tone(level, current)
        mark = _mark(level, current, baseline)
        parts.append(rect(0, y, thick, 44, fill(token)))
        parts.append(_words(level, current, 18, y - 3, width - 34 - text_width(mark)))
        parts.append(text(width, y + 15, mark, "ink", anchor="end", bold=level.number == current))
    return "".join(parts)


def _mark_text(
    x: float, y: float, level: Level, current: int | None, baseline: int | None, room: float
) -> str:
    mark = _mark(level, current, baseline)
    return text(x, y, fit(mark, room), "ink", size=11, bold=level.number == current) if mark else ""


def _words(level: Level, current: int | None, x: float, y: float, room: float) -> str:
    now = level.number == current
    name = text(
        x,
        y + 18,
        fit(f"{level.number}  {level.name}", room, 13.5),
        "ink" if now else "ink-2",
        size=13,
        bold=now,
    )
    return name + (text(x, y + 35, fit(level.note, room, 11), "ink-3", size=11) if level.note else "")
