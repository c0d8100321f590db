"""What is counted of a curve. Pure functions over (score, weight) pairs; a weight is 1, or ARR in cents."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playbooks.scores.formula import Band

BINS, WIDTH = 20, 5.0
Pairs = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Measures:
    """A curve in figures: accounts and weight in all, weight by bin and by band, and the median.

    median: the score at which half of the weight lies at or below; None without any weight.
    """

    accounts: int
    weight: float
    bins: list[float]
    bands: list[float]
    counts: list[int]
    median: float | None
    mean: float | None

    def share(self, band: int) -> float | None:
        """The part of the weight that lies in a band."""
        return self.bands[band] / self.weight if self.weight else None


def measure(pairs: Pairs, bands: Sequence[Band]) -> Measures:
    """Count a curve; scores are within 0 and 100, and 100 lies in the last bin."""
    cuts = cuts_of(bands)
    bins, weights, counts = [0.0] * BINS, [0.0] * len(bands), [0] * len(bands)
    for score, weight in pairs:
        bins[min(int(score / WIDTH), BINS - 1)] += weight
        band = bisect_right(cuts, score)
        weights[band] += weight
        counts[band] += 1
    whole = sum(weights)
    mean = sum(score * weight for score, weight in pairs) / whole if whole else None
    return Measures(len(pairs), whole, bins, weights, counts, median(pairs), mean)


def median(pairs: Pairs) -> float | None:
    """The weighted median; of an even number of equal weights the middle of the two in the middle."""
    ordered = sorted(pair for pair in pairs if pair[1] > 0)
    half = sum(weight for _, weight in ordered) / 2
    carried = 0.0
    for at, (score, weight) in enumerate(ordered):
        carried += weight
        if carried > half:
            return score
        if carried == half:
            return (score + ordered[at + 1][0]) / 2 if at + 1 < len(ordered) else score
    return None


def band_at(score: float, bands: Sequence[Band]) -> int:
    """The number of the band that a score lies in."""
    return bisect_right(cuts_of(bands), score)


def cuts_of(bands: Sequence[Band]) -> list[float]:
    """Where one band ends and the next begins; a score lies in band `bisect_right(cuts, score)`."""
    return [float(band.start) for band in bands[1:]]


def weight_of(arr: int, by: str) -> float:
    """What an account counts: 1, or its ARR in cents; without any ARR nothing."""
    return 1.0 if by == "accounts" else float(max(arr, 0))


def pairs_of(spots: Iterable[tuple[float, int]], by: str) -> list[tuple[float, float]]:
    """(score, ARR) as (score, weight)."""
    return [(score, weight_of(arr, by)) for score, arr in spots]
