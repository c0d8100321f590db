"""Lines through many points: gaps, thinning and path text."""

from collections.abc import Iterable, Sequence

from csworkspace.charts.svg import num

XY = tuple[float, float]


def segments(points: Iterable[tuple[float, float | None]]) -> list[list[XY]]:
    """Runs of known points; a missing value ends one run and the next known value begins another."""
    runs: list[list[XY]] = [[]]
    for x, y in points:
        if y is not None:
            runs[-1].append((x, y))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def thinned(run: Sequence[XY]) -> list[XY]:
    """At most four points for each pixel column (first, lowest, highest, last): no peak is lost."""
    if len(run) < 2 or len(run) <= 2 * (run[-1][0] - run[0][0]):
        return list(run)
    columns: dict[int, list[XY]] = {}
    for point in run:
        columns.setdefault(int(point[0]), []).append(point)
    return [point for column in columns.values() for point in _extremes(column)]


def path_text(run: Sequence[XY]) -> str:
    """The ``d`` attribute of a line through the points."""
    return "M" + "L".join([f"{num(x)} {num(y)}" for x, y in run])


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near to the wanted ones as fits without overlap, kept between low and high where possible.

    Neighbours that would overlap become one block around the middle of what they want. Both sequences are
    in the same order; the answer is too.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    blocks: list[tuple[list[int], float, float]] = []  # members, their height together, centre
    for index in order:
        members, height = [index], heights[index]
        centre = _within(wanted[index], height, low, high)
        while blocks and blocks[-1][2] + blocks[-1][1] / 2 > centre - height / 2:
            before, above, _ = blocks.pop()
            members, height = [*before, *members], above + height
            centre = _within(sum(wanted[one] for one in members) / len(members), height, low, high)
        blocks.append((members, height, centre))
    placed = [0.0] * len(wanted)
    for members, height, centre in blocks:
        top = centre - height / 2
        for index in members:
            placed[index] = top + heights[index] / 2
            top += heights[index]
    return placed


def _within(centre: float, height: float, low: float, high: float) -> float:
    return max(low + height / 2, min(centre, high - height / 2))


def _extremes(column: list[XY]) -> list[XY]:
    if len(column) < 3:
        return column
    lowest = min(range(len(column)), key=lambda index: column[index][1])
    highest = max(range(len(column)), key=lambda index: column[index][1])
    return [column[index] for index in sorted({0, lowest, highest, len(column) - 1})]
