"""The arithmetic of the value score. Pure functions over plain values.

Source: product definition, "An account's value score (0–100) from weighted indicators, plan progress and
maturity: every component visible, versioned weights; missing data lowers confidence, not the score".

A component has a weight (any number above zero; only their proportions matter) and a share: 0 (as bad as
can be) to 1 (as good as can be), without unit; None where there are no data to tell.

score = 100 × Σ weight·share ÷ Σ weight       over the components that have data, in points
confidence = 100 × Σ weight with data ÷ Σ all weights, in percent
points of a component = 100 × weight·share ÷ Σ weight with data; they add up to the score
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from playbooks.plans.progress import Agreed, Measured, gap, has_data, progress

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
# How far behind its path, in shares of the whole way, a target earns nothing any more.
WORST_GAP = Decimal("0.50")
# How much worse than what it should hold, as a share of that, a target earns nothing any more.
WORST_HOLD = Decimal("0.20")
CENT, TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True)
class Part:
    """A component as the formula takes it: its weight, and its share, None without data."""

    key: str
    weight: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class Scored:
    """A score in points (None if nothing has data), its confidence in percent, the points of each part."""

    score: Decimal | None
    confidence: int
    points: dict[str, Decimal]


@dataclass(frozen=True)
class Band:
    """A stretch of the scale, from a score on to the next band's; `status` gives its sign and colour."""

    name: str
    start: Decimal
    status: str


STATUSES = ("at_risk", "slipping", "on_track", "advocate")
DEFAULT_BANDS = (("At risk", 0), ("Watch", 40), ("Healthy", 60), ("Advocate", 80))


def score_of(parts: Sequence[Part]) -> Scored:
    """The score of an account from its parts; see the module for the formula."""
    known = [(part, part.share) for part in parts if part.share is not None and part.weight > 0]
    whole = sum((part.weight for part in parts if part.weight > 0), ZERO)
    weight = sum((part.weight for part, _ in known), ZERO)
    if not weight:
        return Scored(None, 0, {})
    points = {part.key: HUNDRED * part.weight * share / weight for part, share in known}
    total = HUNDRED * sum((part.weight * share for part, share in known), ZERO) / weight
    confidence = (HUNDRED * weight / whole).quantize(ONE, ROUND_HALF_UP)
    return Scored(min(HUNDRED, max(ZERO, total)), int(confidence), points)


def clamped(share: Decimal) -> Decimal:
    """Within 0 and 1."""
    return max(ZERO, min(ONE, share))


def rounded_share(share: Decimal | None) -> Decimal | None:
    """A share in whole percent, as scores keep it: what is printed is what was counted."""
    return None if share is None else clamped(share).quantize(CENT, ROUND_HALF_UP)


def shown_score(score: Decimal | None) -> Decimal | None:
    """A score with one decimal, as it is kept."""
    return None if score is None else score.quantize(TENTH, ROUND_HALF_UP)


def indicator_share(
    value: Decimal | None,
    holds: bool | None,
    *,
    worst: Decimal | None = None,
    best: Decimal | None = None,
    counts_up: bool = False,
) -> Decimal | None:
    """The share of an indicator's reading.

    With a scale: (value − worst) ÷ (best − worst), clamped to 0 and 1; worst may be above best. Without one,
    or without a value: 0 while the indicator holds and 1 while it does not; the other way round for what
    counts upward (a buying trigger, an opportunity, a milestone). None while there are no data to tell.
    """
    if holds is None:
        return None
    if value is not None and worst is not None and best is not None and worst != best:
        return clamped((value - worst) / (best - worst))
    return ONE if holds == counts_up else ZERO


def target_share(agreed: Agreed, measured: Measured | None, on: date) -> Decimal | None:
    """How far a target is what it should be on a day.

    1 on or ahead of the path, 0 when it is half of the whole way (or more) behind it, straight between:
    1 + gap ÷ 0.5, with gap = progress − expected progress. A target that asks to hold its baseline: 1 while
    it is as good, 0 when it is 20 % worse. None without a measurement that still counts.
    """
    if measured is None or not has_data(agreed, measured, on):
        return None
    if progress(measured.value, agreed.baseline, agreed.target) is None:
        worse = agreed.target - measured.value if agreed.up_is_good else measured.value - agreed.target
        room = abs(agreed.target) * WORST_HOLD
        return clamped(ONE - worse / room) if room else ONE if worse <= 0 else ZERO
    return clamped(ONE + (gap(agreed, measured.value, on) or ZERO) / WORST_GAP)


def plan_share(shares: Sequence[Decimal | None]) -> Decimal | None:
    """A plan's share from its targets': the mean of their mean and of the worst of them.

    So one target that fails is seen, and the others still count. None if no target has data.
    """
    known = [share for share in shares if share is not None]
    return (sum(known, ZERO) / len(known) + min(known)) / 2 if known else None


def maturity_share(level: int | None, levels: int) -> Decimal | None:
    """The level reached, of the number of levels; None before the first assessment."""
    return None if level is None or not levels else clamped(Decimal(level) / levels)


def band_index(score: Decimal, bands: Sequence[Band]) -> int:
    """The number of the band that a score lies in, 0 for the lowest."""
    return max(sum(score >= band.start for band in bands) - 1, 0)
