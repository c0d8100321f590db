"""One bar split into parts: how a portfolio divides by status."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from csworkspace.charts.chart import Chart
from csworkspace.charts.svg import STATUS_TOKENS, document, fill, rect, shape, stroke, text, text_width
from csworkspace.web.formats import number, percent

SPARE_TOKENS = ("chart-actual", "chart-2", "chart-3", "chart-4")
BAR = 18
GAP = 2


@dataclass(frozen=True)
class Part:
    """A named count; ``status`` gives its colour and shape."""

    label: str
    count: int
    status: str = ""


def stacked_bar(parts: Sequence[Part], *, title: str, uid: str = "", width: int = 720) -> Chart:
    """Parts of a whole in the order given; below, each part's shape, word and count. Negatives count as 0."""
    total = sum(max(part.count, 0) for part in parts)

    def draw(space: int, key: str) -> SafeString:
        words, height = _words(parts, space)
        return document(space, height, title, _summary(parts, total), _bar(parts, total, space) + words, key)

    def rows() -> list[list[str]]:
        return [[part.label, number(part.count), _share(part, total)] for part in parts]

    return Chart(draw, ["Name", "Count", "Share"], rows, width=width, uid=uid)


def status_strip(parts: Sequence[Part]) -> SafeString:
    """The bar alone, without words, stretching to any width: "kit/_strip.html" prints the words beside it."""
    total = sum(max(part.count, 0) for part in parts)
    start = f'<svg class="strip" viewBox="0 0 720 {BAR}" preserveAspectRatio="none" aria-hidden="true">'
    return mark_safe(f"{start}{_bar(parts, total, 720)}</svg>")


def _summary(parts: Sequence[Part], total: int) -> str:
    shares = "; ".join(f"{part.label}: {number(part.count)} ({_share(part, total)})" for part in parts)
    return f"{number(total)} in all. {shares}." if total else "Nothing to count yet."


def _share(part: Part, total: int) -> str:
    return percent(max(part.count, 0) / total if total else None)


def _bar(parts: Sequence[Part], total: int, width: int) -> str:
    if not total:
        return rect(0.5, 0.5, width - 1, BAR - 1, stroke("chart-axis", 1, "3 3"))
    shown = [(index, part) for index, part in enumerate(parts) if part.count > 0]
    # Every part stays visible; what the smallest gain, all others give in proportion.
    least = [max(part.count / total, 4 / width) for _, part in shown]
    room = (width - GAP * (len(shown) - 1)) / sum(least)
    drawn, x = [], 0.0
    for (index, part), share in zip(shown, least, strict=True):
        drawn.append(rect(x, 0, share * room, BAR, fill(_token(part, index))))
        x += share * room + GAP
    return "".join(drawn)


def _words(parts: Sequence[Part], width: int) -> tuple[str, float]:
    drawn, x, y = [], 0.0, BAR + 22.0
    for index, part in enumerate(parts):
        count = number(part.count)
        needed = 16 + text_width(part.label) + text_width(count) * 1.05 + 6
        if x and x + needed > width:
            x, y = 0.0, y + 20
        sign = (
            shape(part.status, x + 5, y - 4)
            if part.status in STATUS_TOKENS
            else rect(x + 1, y - 8, 8, 8, fill(_token(part, index)))
        )
        drawn.append(
            sign
            + text(x + 16, y, part.label)
            + text(x + 22 + text_width(part.label), y, count, "ink", bold=True)
        )
        x += needed + 18
    return "".join(drawn), y + 8


def _token(part: Part, index: int) -> str:
    return STATUS_TOKENS.get(part.status, SPARE_TOKENS[index % len(SPARE_TOKENS)])
