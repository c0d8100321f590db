"""How numbers, money, dates and durations are written, everywhere: pages, charts, PDFs, e-mail.

Pure functions over plain values. Queries call them before the template, because preformatted rows
render twice as fast. None, NaN and infinities are written as an en dash. Minus is U+2212, units and
currencies are held by no-break spaces.
"""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

Number = int | float | Decimal

DASH = "\u2013"
MINUS = "\u2212"
NBSP = "\u00a0"
SYMBOLS = {
    "EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "AUD": "A$", "CAD": "C$", "NZD": "NZ$",
}  # fmt: skip
_STEPS = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(1000), "k"))
IRREGULAR = {"people": "person", "news": "piece of news", "series": "series"}
# Words of four letters and more with a vowel, in "s" but not in "ss", "us" or "is".
PLURAL = re.compile(r"[aeiou]\w*[^\Wsui]s$")


def number(value: Number | None, places: int | None = None) -> str:
    """1234.5 → "1,234.5"; with ``places`` always that many decimals, without it at most two."""
    exact = _decimal(value)
    if exact is None:
        return DASH
    return _minus(f"{_round(exact, places):,f}") if places is not None else _short(exact, 2)


def compact(value: Number | None) -> str:
    """Three figures at most: 950, "1.2k", "48k", "3.4M", "2.1B"; below ten up to two decimals."""
    exact = _decimal(value)
    if exact is None:
        return DASH
    if abs(exact) >= Decimal(10) ** 15:
        return _minus(f"{exact:.1E}".replace(".0E", "E").replace("E+", "e"))
    for step, letter in _STEPS:
        if abs(exact) >= step * Decimal("0.9995"):
            return _short(exact / step, 1 if abs(exact / step) < Decimal("99.95") else 0) + letter
    return _short(exact, _places_for(exact))


def money(amount: Number | None, currency: str, places: int = 0) -> str:
    """48000, "EUR" → "€48,000"; a currency without a known sign goes in front: "CHF 48,000"."""
    exact = _decimal(amount)
    return (
        DASH if exact is None else _with_currency(exact, currency, number(abs(_round(exact, places)), places))
    )


def money_compact(amount: Number | None, currency: str) -> str:
    """48000, "EUR" → "€48k"."""
    exact = _decimal(amount)
    return DASH if exact is None else _with_currency(exact, currency, compact(abs(exact)))


def percent(ratio: Number | None, places: int = 0) -> str:
    """A ratio as percent: 0.125 → "13%", with one place "12.5%"."""
    exact = _decimal(ratio)
    return DASH if exact is None else _minus(f"{_round(exact * 100, places):,f}%")


def signed(value: Number | None, places: int | None = None) -> str:
    """A difference with its sign: "+12", minus 3, "0"."""
    return _sign(value, number(value, places))


def signed_percent(ratio: Number | None, places: int = 0) -> str:
    """A relative change with its sign: 0.12 → "+12%"."""
    return _sign(ratio, percent(ratio, places))


def with_unit(value: Number | None, unit: str, *, short: bool = False) -> str:
    """A metric's value with its unit: percent ("%") and currency codes in their form, others after it.

    ``short`` writes the compact form. Values of the unit "%" are percentages already (12 → "12%").
    """
    if value is None or _decimal(value) is None:
        return DASH
    write = compact if short else number
    if unit == "%":
        return f"{write(value)}%"
    if len(unit) == 3 and unit.isascii() and unit.isupper():
        return money_compact(value, unit) if short else money(value, unit)
    written = write(value)
    return f"{written}{NBSP}{singular(unit) if written == '1' else unit}" if unit else written


def singular(unit: str) -> str:
    """The unit after a 1: "users" → "user", "people" → "person"; what is no plural stays ("ms", "status")."""
    if unit in IRREGULAR:
        return IRREGULAR[unit]
    if unit.endswith("ies"):
        return f"{unit[:-3]}y"
    if unit.endswith(("ches", "shes", "xes", "sses")):
        return unit[:-2]
    return unit[:-1] if PLURAL.search(unit) else unit


def plural(count: int, singular: str, many: str = "") -> str:
    """1, "account" → "1 account"; 3 → "3 accounts"; ``many`` for irregular words."""
    return f"{number(count)} {singular if count == 1 else many or singular + 's'}"


def file_size(size: int | None) -> str:
    """Bytes in steps of 1,000: "512 B", "1.4 kB", "13.6 MB", "2 GB"."""
    if size is None:
        return DASH
    amount = Decimal(size)
    for unit in ("B", "kB", "MB", "GB"):
        if abs(amount) < Decimal("999.5"):
            return f"{_short(amount, 0 if unit == 'B' else 1)}{NBSP}{unit}"
        amount /= 1000
    return f"{_short(amount, 1)}{NBSP}TB"


def initials(name: str) -> str:
    """Up to two letters for an avatar: "Ada Lovelace" → "AL", "ops@acme.test" → "O", nothing → "?"."""
    words = [word for word in name.partition("@")[0].split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


def _decimal(value: Number | None) -> Decimal | None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact if exact.is_finite() else None


def _round(value: Decimal, places: int) -> Decimal:
    # scaleb keeps the precision wide enough for huge values, where quantize would refuse.
    if value.adjusted() > 24:
        return value.to_integral_value(ROUND_HALF_UP)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def _short(value: Decimal, places: int) -> str:
    text = f"{_round(value, places):,f}"
    return _minus(text.rstrip("0").rstrip(".") if "." in text else text)


def _places_for(value: Decimal) -> int:
    return 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def _sign(value: Number | None, text: str) -> str:
    exact = _decimal(value)
    shows_something = any(figure in "123456789" for figure in text)
    return f"+{text}" if exact is not None and exact > 0 and shows_something else text


def _with_currency(amount: Decimal, currency: str, text: str) -> str:
    code = currency.upper()
    shows_something = any(figure in "123456789" for figure in text)
    sign = MINUS if amount < 0 and shows_something else ""
    return f"{sign}{SYMBOLS.get(code) or code + NBSP}{text}"
