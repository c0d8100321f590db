"""Turning one cell into a value, or saying why it cannot be one and what to write instead."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from csworkspace.web.formats import SYMBOLS

EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)
MOST_MONEY = Decimal(10) ** 12
SIGNS = {sign: code for code, sign in SYMBOLS.items()}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CellError(ValueError):
    """A cell that is refused; the message gives the reason and what to do."""


def quoted(text: str) -> str:
    """A cell's text for a message, cut short."""
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def read_text(text: str, limit: int, *, lines: bool = False) -> str:
    """Text of at most `limit` characters, on one line unless `lines`."""
    value = text.strip() if lines else " ".join(text.split())
    if CONTROL.search(value):
        raise CellError("It contains control characters; remove them.")
    if len(value) > limit:
        raise CellError(f"It has {len(value):,} characters, more than {limit:,}; shorten it.")
    return value


def read_choice(text: str, choices: dict[str, str], what: str) -> str:
    """One of the choices, by its value or its label, whatever the case."""
    wanted = text.strip().casefold()
    for value, label in choices.items():
        if wanted in (value.casefold(), label.casefold()):
            return value
    raise CellError(f"{quoted(text)} is no {what}; use one of: {', '.join(choices)}.")


def read_date(text: str, form: str = "") -> date:
    """A date in ISO form (a time after it is dropped), or in the declared strptime form."""
    value = text.strip()
    try:
        found = datetime.strptime(value, form).date() if form else date.fromisoformat(iso_day(value))
    except ValueError as error:
        example = f"in the form {form}" if form else "like 2026-03-14"
        advice = "" if form else " Declare another form in the mapping, such as %d.%m.%Y."
        raise CellError(f"{quoted(text)} is not a date {example}.{advice}") from error
    if not EARLIEST <= found <= LATEST:
        raise CellError(f"{found} is not within {EARLIEST.year} to {LATEST.year}; check the year.")
    return found


def iso_day(value: str) -> str:
    """ "2026-03-14T09:00" → "2026-03-14"; anything else as it is."""
    return value[:10] if len(value) > 10 and value[10] in "T " else value


def read_currency(text: str) -> str:
    """Three letters, in capitals."""
    value = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise CellError(f"{quoted(text)} is no currency; write its three letters, such as EUR.")
    return value


def read_money(text: str, decimal: str = "") -> tuple[Decimal, str]:
    """An amount, and the currency written beside it or ''.

    "1,234.50", "1.234,50", "€ 1 234" and "USD 1200" are all read. A single comma
    before three figures separates thousands, a single dot is always decimal;
    `decimal` ("." or ",") declares it.
    """
    value = re.sub(r"[\s\u00a0\u202f'\u2019]", "", text)
    currency = ""
    found = re.match(r"^([^\d.,+-]{1,3})?(.*?)([^\d.,]{1,3})?$", value)
    if found and (found[1] or found[3]):
        currency, value = currency_of(found[1] or found[3], text), found[2]
    try:
        amount = Decimal(plain_number(value, decimal))
    except InvalidOperation as error:
        raise CellError(f"{quoted(text)} is not an amount; write it like 48000 or 48,000.00.") from error
    if not amount.is_finite() or amount < 0 or amount >= MOST_MONEY:
        raise CellError(f"{quoted(text)} is not between 0 and {MOST_MONEY:,.0f}.")
    if round(amount, 2) != amount:
        raise CellError(f"{quoted(text)} has more than two decimals; round it.")
    return amount.quantize(Decimal("0.01")), currency


def currency_of(sign: str, text: str) -> str:
    """The code of a currency's sign or letters."""
    code = SIGNS.get(sign.upper(), sign.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise CellError(f"{quoted(text)} is not an amount; write it like 48000 or 48,000.00.")
    return code


def plain_number(value: str, decimal: str) -> str:
    """A number with thousands separators → what Decimal reads; nothing that is no number."""
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", value):
        return "not a number"
    point = decimal or decimal_point(value)
    separator = "," if point == "." else "."
    whole, _, fraction = value.partition(point)
    groups = whole.lstrip("+-").split(separator)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return "not a number"
    return f"{whole.replace(separator, '')}.{fraction or '0'}"


def decimal_point(value: str) -> str:
    """Which of . and , is the decimal point of this number."""
    dot, comma = value.rfind("."), value.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    if comma >= 0:
        thousands = value.count(",") > 1 or len(value) - comma == 4
        return "." if thousands else ","
    return "," if value.count(".") > 1 else "."
