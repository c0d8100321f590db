"""What a benchmark finds: our figure, the bare side's figure, and their ratio against a limit."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """One line of the table.

    ours, bare: figures in the same unit. limit: what ours / bare may be at most, or
    with at_least=True at least; None: for information. bare=1 when the limit is on the figure itself.
    """

    name: str
    ours: float
    bare: float
    unit: str
    limit: float | None
    at_least: bool = False

    @property
    def ratio(self) -> float:
        """ours / bare."""
        return self.ours / self.bare if self.bare else float("inf")

    @property
    def ok(self) -> bool:
        """Whether the ratio keeps the limit."""
        if self.limit is None:
            return True
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


def seconds_of(work: Callable[[], object]) -> float:
    """How long one run takes, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def medians(*sides: Callable[[], object], rounds: int = 5) -> list[float]:
    """Median seconds of each side; the sides take turns, so that a noisy machine is noisy to all."""
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for number, side in enumerate(sides):
            taken[number].append(seconds_of(side))
    return [statistics.median(seconds) for seconds in taken]
