"""The arithmetic of effects: shares and their difference, with intervals. Pure functions."""

from dataclasses import dataclass
from math import sqrt

# The 97.5 % point of the normal distribution, for intervals of 95 %.
Z = 1.959963984540054
FEWEST = 5


@dataclass(frozen=True)
class Share:
    """So many of so many, with the interval of the share (0 to 1); None without anybody."""

    met: int
    of: int
    low: float | None
    high: float | None

    @property
    def rate(self) -> float | None:
        """The share itself."""
        return self.met / self.of if self.of else None


@dataclass(frozen=True)
class Difference:
    """The difference of two shares (-1 to 1) with its interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def share(met: int, of: int) -> Share:
    """A share with the 95 % interval of Wilson.

    With p = met / of and z = 1.96: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). E. B. Wilson,
    "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212. It keeps
    within 0 and 1 and holds its level for small numbers, which the plain interval does not.
    """
    if of == 0:
        return Share(0, 0, None, None)
    p, square = met / of, Z * Z
    middle = (p + square / (2 * of)) / (1 + square / of)
    half = Z * sqrt(p * (1 - p) / of + square / (4 * of * of)) / (1 + square / of)
    return Share(met, of, max(0.0, middle - half), min(1.0, middle + half))


def difference(one: Share, other: Share) -> Difference | None:
    """The first share less the second, with the 95 % interval of Newcombe; None below 5 on either side.

    From the Wilson limits (l, u): d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²).
    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of
    eleven methods", Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    if min(one.of, other.of) < FEWEST:
        return None
    p, q = one.rate or 0.0, other.rate or 0.0
    low_one, high_one = one.low or 0.0, one.high or 0.0
    low_other, high_other = other.low or 0.0, other.high or 0.0
    down = sqrt((p - low_one) ** 2 + (high_other - q) ** 2)
    up = sqrt((high_one - p) ** 2 + (q - low_other) ** 2)
    return Difference(p - q, max(-1.0, p - q - down), min(1.0, p - q + up))
