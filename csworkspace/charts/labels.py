"""Direct labels: a column of names in the right margin, and values beside the points they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

from csworkspace.charts.paths import XY, spread
from csworkspace.charts.svg import COLOURS, clean, fit, line, num, stroke, text, text_width

LINE = 15


@dataclass(frozen=True)
class EndLabel:
    """A margin label for what ends at height y: its name, a smaller second line, its colour."""

    y: float
    name: str
    note: str
    token: str

    @property
    def height(self) -> float:
        """Pixels it needs."""
        return LINE * (2 if self.note else 1) + 2


@dataclass(frozen=True)
class Spot:
    """A rectangle for a label: its left, top, width and height."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, point: XY) -> bool:
        """Whether a point lies inside."""
        return (
            self.left <= point[0] <= self.left + self.width and self.top <= point[1] <= self.top + self.height
        )


def margin_width(labels: Sequence[EndLabel], most: float) -> float:
    """Pixels to keep free on the right, at most ``most``."""
    texts = [text_width(label.name) * 1.05 for label in labels] + [
        text_width(label.note, 11) for label in labels
    ]
    return min(max(texts) + 12, most) if texts else 10


def margin_labels(labels: Sequence[EndLabel], x: float, room: float, top: float, bottom: float) -> str:
    """The labels, pushed apart where they would overlap, with a fine line to what was moved."""
    centres = spread([label.y for label in labels], [label.height for label in labels], top - 14, bottom + 10)
    return "".join(_margin_label(label, x, y, room) for label, y in zip(labels, centres, strict=True))


def beside(point: XY, words: str, frame: Spot, obstacles: Sequence[XY], token: str) -> str:
    """A bold label at the place around the point where it covers the fewest obstacles, on a paper halo."""
    width = text_width(words) * 1.06 + 2
    reach = Spot(point[0] - width - 8, point[1] - 34, 2 * width + 16, 68)
    near = [one for one in obstacles if reach.holds(one)]
    best = min(_spots(point, width, LINE), key=lambda spot: _cost(spot, frame, near))
    x, y = num(best.left + 1), num(best.top + 12)
    # The halo is drawn as text of its own: paint-order is not known to every PDF renderer.
    halo = f'class="f-paper s-paper" fill="{COLOURS["paper"]}" stroke="{COLOURS["paper"]}" stroke-width="4"'
    look = f'font-size="12" font-weight="600" aria-hidden="true" {halo}'
    behind = f'<text x="{x}" y="{y}" {look}>{clean(words)}</text>'
    return behind + text(best.left + 1, best.top + 12, words, token, bold=True)


def _margin_label(label: EndLabel, x: float, y: float, room: float) -> str:
    leader = line(x - 6, label.y, x - 1, y, stroke(label.token)) if abs(y - label.y) > 5 else ""
    first = y + 4 - (LINE / 2 if label.note else 0)
    name = text(x, first, fit(label.name, room / 1.05), label.token, bold=True)
    return (
        leader
        + name
        + (text(x, first + LINE, fit(label.note, room, 11), "ink-3", size=11) if label.note else "")
    )


def _spots(point: XY, width: float, height: float) -> list[Spot]:
    x, y = point
    lefts = (x + 7, x - width - 7, x - width / 2)
    tops = (y - height - 4, y + 4, y - height - 14, y + 14)
    return [Spot(left, top, width, height) for top in tops for left in lefts]


def _cost(spot: Spot, frame: Spot, obstacles: Sequence[XY]) -> float:
    corners = ((spot.left, spot.top), (spot.left + spot.width, spot.top + spot.height))
    outside = sum(not frame.holds(corner) for corner in corners)
    return outside * 1000 + sum(spot.holds(point) for point in obstacles)
