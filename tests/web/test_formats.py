from decimal import Decimal

import pytest

from csworkspace.web import formats as f

NB = "\u00a0"
NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, None, "0"),
        (1234, None, "1,234"),
        (1234.5, None, "1,234.5"),
        (1234.567, None, "1,234.57"),
        (1234567, 0, "1,234,567"),
        (2.5, 0, "3"),
        (-0.001, 2, "0.00"),
        (-1234.5, 1, "\u22121,234.5"),
        (Decimal("99.999"), None, "100"),
        (10**30, None, "1" + ",000" * 10),
        (1e300, 0, "1" + ",000" * 100),
        (None, None, "\u2013"),
        (NAN, 2, "\u2013"),
        (float("inf"), None, "\u2013"),
        (Decimal("NaN"), None, "\u2013"),
    ],
)
def test_number(value, places, text):
    assert f.number(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.126, "0.13"),
        (9.5, "9.5"),
        (12.34, "12.3"),
        (950, "950"),
        (999.4, "999"),
        (999.6, "1k"),
        (1000, "1k"),
        (1234, "1.2k"),
        (48_000, "48k"),
        (123_456, "123k"),
        (999_900, "1M"),
        (3_400_000, "3.4M"),
        (2_100_000_000, "2.1B"),
        (5e13, "50T"),
        (1e300, "1e300"),
        (-1500, "\u22121.5k"),
        (None, "\u2013"),
    ],
)
def test_compact(value, text):
    assert f.compact(value) == text


def test_money():
    assert f.money(48000, "EUR") == "€48,000"
    assert f.money(Decimal("1234.5"), "usd", 2) == "$1,234.50"
    assert f.money(-48000, "GBP") == "\u2212£48,000"
    assert f.money(-0.2, "GBP") == "£0"
    assert f.money(48000, "CHF") == f"CHF{NB}48,000"
    assert f.money(None, "EUR") == "\u2013"
    assert f.money_compact(48000, "EUR") == "€48k"
    assert f.money_compact(-1_250_000, "CHF") == f"\u2212CHF{NB}1.3M"
    assert f.money_compact(NAN, "EUR") == "\u2013"


def test_percent_and_signs():
    assert f.percent(0.125) == "13%"
    assert f.percent(0.125, 1) == "12.5%"
    assert f.percent(-0.004) == "0%"
    assert f.percent(None) == "\u2013"
    assert f.signed(12) == "+12"
    assert f.signed(-3) == "\u22123"
    assert f.signed(0) == "0"
    assert f.signed(0.001, 1) == "0.0"
    assert f.signed(None) == "\u2013"
    assert f.signed_percent(0.12) == "+12%"
    assert f.signed_percent(-0.12) == "\u221212%"


def test_units():
    assert f.with_unit(12.5, "%") == "12.5%"
    assert f.with_unit(48000, "EUR") == "€48,000"
    assert f.with_unit(48000, "EUR", short=True) == "€48k"
    assert f.with_unit(1200, "hours") == f"1,200{NB}hours"
    assert f.with_unit(1200, "hours", short=True) == f"1.2k{NB}hours"
    assert f.with_unit(1200, "") == "1,200"
    assert f.with_unit(None, "hours") == "\u2013"
    assert f.with_unit(NAN, "%") == "\u2013"


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("users", "1 user"), ("people", "1 person"), ("support cases", "1 support case"),
        ("searches", "1 search"), ("queries", "1 query"), ("news", "1 piece of news"), ("ms", "1 ms"),
        ("kbps", "1 kbps"), ("status", "1 status"), ("process", "1 process"), ("processes", "1 process"),
    ],
)  # fmt: skip
def test_one_of_a_unit(unit, text):
    assert f.with_unit(Decimal("1.000"), unit).replace(NB, " ") == text
    assert f.with_unit(0, unit) == f"0{NB}{unit}"
    assert f.with_unit(1001, unit) == f"1,001{NB}{unit}"
    assert f.with_unit(1_000_000, unit, short=True) == f"1M{NB}{unit}"


def test_words():
    assert f.plural(1, "account") == "1 account"
    assert f.plural(0, "account") == "0 accounts"
    assert f.plural(1200, "company", "companies") == "1,200 companies"
    assert f.initials("Ada Lovelace") == "AL"
    assert f.initials("ada  mary king lovelace") == "AL"
    assert f.initials("ops@acme.test") == "O"
    assert f.initials("  ") == "?"
    assert f.initials("<script>") == "?"
    assert f.initials("Émile") == "É"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, f"0{NB}B"),
        (512, f"512{NB}B"),
        (1400, f"1.4{NB}kB"),
        (13_600_000, f"13.6{NB}MB"),
        (2_000_000_000, f"2{NB}GB"),
        (5 * 10**15, f"5,000{NB}TB"),
        (None, "\u2013"),
    ],
)
def test_file_size(size, text):
    assert f.file_size(size) == text
