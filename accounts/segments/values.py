"""The values of conditions: read from forms or JSON into one form, and from there into Python's types."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.segments.registry import Operator, Shape

MAX_CHOICES = 100
MAX_TEXT = 200
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def read_value(operator: Operator, raw: Any) -> Any:
    """The value as it is stored: None, a text, or a list of texts. Raises ValueError with a sentence."""
    if operator.shape == Shape.NOTHING:
        return None
    if operator.shape == Shape.CHOICES:
        return _choices(raw)
    if operator.shape in (Shape.NUMBERS, Shape.DATES):
        return _pair(operator, raw)
    return _one(operator, raw)


def typed(operator: Operator, value: Any) -> Any:
    """A stored value as Decimal, date, str, or a list of these."""
    if operator.shape == Shape.NUMBER:
        return Decimal(value)
    if operator.shape == Shape.DATE:
        return date.fromisoformat(value)
    if operator.shape == Shape.NUMBERS:
        return [Decimal(item) for item in value]
    if operator.shape == Shape.DATES:
        return [date.fromisoformat(item) for item in value]
    return value


def _choices(raw: Any) -> list[str]:
    items = raw if isinstance(raw, list) else [raw]
    chosen = sorted({_text(item) for item in items if item not in (None, "")})
    if not chosen:
        raise ValueError("Choose at least one.")
    if len(chosen) > MAX_CHOICES:
        raise ValueError(f"Choose at most {MAX_CHOICES}.")
    return chosen


def _pair(operator: Operator, raw: Any) -> list[str]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise ValueError("Fill in both ends.")
    first, last = (_one(operator, item) for item in raw)
    ends = typed(operator, [first, last])
    if ends[0] > ends[1]:
        raise ValueError("The first value must not be above the second.")
    return [first, last]


def _one(operator: Operator, raw: Any) -> str:
    if operator.shape in (Shape.NUMBER, Shape.NUMBERS):
        return _number(operator, raw)
    if operator.shape in (Shape.DATE, Shape.DATES):
        return _date(raw)
    return _text(raw)


def _number(operator: Operator, raw: Any) -> str:
    word = "a whole number" if operator.places == 0 else "a number like 12.5"
    if isinstance(raw, bool) or not isinstance(raw, str | int | float) or len(str(raw)) > 40:
        raise ValueError(f"Write {word}.")
    try:
        number = Decimal(str(raw).strip().removesuffix(operator.unit).strip())
    except InvalidOperation:
        raise ValueError(f"Write {word}.") from None
    if not number.is_finite() or not operator.lowest <= number <= operator.highest:
        raise ValueError(f"Write {word} from {operator.lowest:,} to {operator.highest:,}.")
    if number != round(number, operator.places):
        raise ValueError(f"Write {word}." if operator.places == 0 else f"At most {operator.places} decimals.")
    if number == 0:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(raw: Any) -> str:
    try:
        day = date.fromisoformat(str(raw).strip())
    except ValueError:
        raise ValueError("Write a day of the calendar like 2026-11-21.") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"Choose a day from {FIRST_DAY} to {LAST_DAY}.")
    return day.isoformat()


def _text(raw: Any) -> str:
    text = raw.strip() if isinstance(raw, str) else ""
    if not text or "\x00" in text:
        raise ValueError("Write what to look for.")
    if len(text) > MAX_TEXT:
        raise ValueError(f"Write at most {MAX_TEXT} characters.")
    return text
