"""From values and days to pixels: scales, ticks and the words on the axes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from csworkspace.web.formats import MINUS, SYMBOLS
from csworkspace.web.times import MONTHS

Number = int | float | Decimal
# Beyond this, differences overflow a float; nobody can read such an axis anyway.
LARGEST = 1e290
_LETTERS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Scale:
    """A straight map from a range of values to a range of pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value; a range of no width maps to its start."""
        span = self.high - self.low
        return self.start + (value - self.low) / span * (self.end - self.start) if span else self.start


def finite(value: Number | None) -> float | None:
    """A plain float within ±1e290; None for missing, NaN and infinite."""
    if value is None:
        return None
    plain = float(value)
    return max(-LARGEST, min(LARGEST, plain)) if math.isfinite(plain) else None


def value_ticks(values: Iterable[float], count: int = 4) -> list[float]:
    """About ``count`` round steps (1, 2, 2.5 or 5 times a power of ten) that enclose the values.

    Zero is included when the values come near it, so that small numbers are not blown up.
    """
    known = list(values) or [0.0, 1.0]
    low, high = _widened(min(known), max(known))
    step = _nice_step((high - low) / count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    # A value that lies on the lowest line would read as zero.
    first -= low > 0 and low <= first * step * (1 + 1e-9)
    return [index * step for index in range(first, max(last, first + 1) + 1)]


def tick_labels(ticks: Sequence[float], unit: str) -> list[str]:
    """Short labels that keep neighbouring ticks apart: 0, 2.5, 5 · 120k, 122.5k · €1.2M · 40%."""
    largest = max(abs(tick) for tick in ticks)
    if largest >= 1e15:
        return [_with_sign(tick, _scientific(abs(tick)), unit) for tick in ticks]
    divisor, letter = next(
        (pair for pair in _LETTERS if largest >= pair[0] * (1 if pair[0] > 1e3 else 10)), (1, "")
    )
    step = (ticks[1] - ticks[0]) / divisor
    places = next((places for places in range(12) if abs(round(step, places) - step) < step * 1e-6), 12)
    return [
        _with_sign(tick, f"{abs(tick) / divisor:,.{places}f}{letter if tick else ''}", unit) for tick in ticks
    ]


def day_ticks(first: date, last: date, most: int) -> list[tuple[int, str]]:
    """At most ``most`` ticks as (ordinal day, label): weeks, months, quarters, half-years or years."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= 2:
        return _week_ticks(first, last, most)
    steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
    step = next((step for step in steps if months / step <= most), 2400)
    start = first.year * 12 + first.month - 1
    marks = range(-(-start // step) * step, last.year * 12 + last.month, step)
    days = [date(mark // 12, mark % 12 + 1, 1) for mark in marks if 12 <= mark < 120_000]
    shown = [day for day in days if first <= day <= last]
    return [(day.toordinal(), _month_label(day, step, day == shown[0])) for day in shown]


def is_currency(unit: str) -> bool:
    """Whether a unit is a currency code such as EUR."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()


def _widened(low: float, high: float) -> tuple[float, float]:
    # Values that differ by less than a millionth count as equal: floats could not tell ticks apart.
    flat = high - low <= max(abs(low), abs(high)) * 1e-6
    if flat:
        # A flat line gets air above and below instead of an axis of no height.
        air = abs(high) * 0.1 or 1.0
        return (low - air if low else 0.0), high + air
    if 0 <= low <= 0.6 * high:
        return 0.0, high
    return (low, 0.0) if 0.6 * low <= high <= 0 else (low, high)


def _nice_step(raw: float) -> float:
    raw = max(raw, 1e-9)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(nice * power for nice in (1, 2, 2.5, 5, 10) if raw <= nice * power * 1.0001)


def _scientific(value: float) -> str:
    figures, power = f"{value:.3e}".split("e")
    return f"{figures.rstrip('0').rstrip('.')}e{int(power)}" if value else "0"


def _with_sign(tick: float, label: str, unit: str) -> str:
    sign = MINUS if tick < 0 else ""
    if unit == "%":
        return f"{sign}{label}%"
    return f"{sign}{SYMBOLS.get(unit, '')}{label}" if is_currency(unit) else sign + label


def _week_ticks(first: date, last: date, most: int) -> list[tuple[int, str]]:
    start, end = first.toordinal(), last.toordinal()
    step = next(step for step in (1, 2, 7, 14, 28, 56, 112) if (end - start) / step < most)
    days = [date.fromordinal(ordinal) for ordinal in range(start, end + 1, step)]
    return [(day.toordinal(), f"{day.day} {MONTHS[day.month - 1]}") for day in days]


def _month_label(day: date, step: int, first: bool) -> str:
    if step >= 12:
        return str(day.year)
    return f"{MONTHS[day.month - 1]} {day.year}" if first or day.month == 1 else MONTHS[day.month - 1]
