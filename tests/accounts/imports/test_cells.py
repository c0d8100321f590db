"""One cell at a time: what is read, and the sentence for what is not."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports.cells import CellError, read_choice, read_currency, read_date, read_money, read_text
from accounts.imports.inert import unguard
from csworkspace.exports.csvfile import cell


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("48000", "48000.00", ""),
        ("48,000", "48000.00", ""),
        ("48,000.50", "48000.50", ""),
        ("48.000,50", "48000.50", ""),
        ("1,5", "1.50", ""),
        ("1.5", "1.50", ""),
        ("1,234,567", "1234567.00", ""),
        ("1.234.567", "1234567.00", ""),
        ("€ 1 234", "1234.00", "EUR"),
        ("$1,200.00", "1200.00", "USD"),
        ("USD 1200", "1200.00", "USD"),
        ("1200 CHF", "1200.00", "CHF"),
        ("1'234", "1234.00", ""),
        ("0", "0.00", ""),
    ],
)
def test_money(text, amount, currency):
    assert read_money(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "12x",
        "-1",
        "1e5",
        "NaN",
        "Infinity",
        "1,23,4",
        "1..2",
        "10000000000000",
        "1.234,5.6",
        "0.001",
    ],
)
def test_what_is_no_money(text):
    with pytest.raises(CellError):
        read_money(text)


def test_a_declared_decimal_sign_decides():
    assert read_money("1.234", ",")[0] == Decimal(1234)
    with pytest.raises(CellError, match="more than two decimals"):
        read_money("1,234", ",")


def test_dates():
    assert read_date("2026-03-14") == date(2026, 3, 14)
    assert read_date("2026-03-14T09:30:00Z") == date(2026, 3, 14)
    assert read_date("14.03.2026", "%d.%m.%Y") == date(2026, 3, 14)
    with pytest.raises(CellError, match=r"“14/03/2026” is not a date like 2026-03-14. Declare another form"):
        read_date("14/03/2026")
    with pytest.raises(CellError, match="not within 1970 to 2100; check the year"):
        read_date("0226-03-14")


def test_texts_choices_and_currencies():
    assert read_text("  a \t b ", 10) == "a b"
    with pytest.raises(CellError, match="control characters"):
        read_text("a\x07b", 10)
    with pytest.raises(CellError, match="11 characters, more than 10"):
        read_text("x" * 11, 10)
    assert read_choice("Executive Sponsor", {"sponsor": "Executive sponsor"}, "role") == "sponsor"
    with pytest.raises(CellError, match="“boss” is no role; use one of: sponsor"):
        read_choice("boss", {"sponsor": "Executive sponsor"}, "role")
    assert read_currency("eur") == "EUR"
    with pytest.raises(CellError):
        read_currency("euro")


@given(st.text(alphabet="'=+-@\t\ra1", max_size=6))
def test_what_exports_make_inert_imports_bring_back(text):
    assert unguard(str(cell(text))) == text


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(text):
    for read in (read_money, read_date, read_currency):
        with suppress(CellError):
            read(text)
