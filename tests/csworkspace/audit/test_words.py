"""Values of the log in words, days and moments among them."""

from datetime import UTC, date, datetime

import pytest

from csworkspace.audit.actions import plain
from csworkspace.audit.words import in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (12.5, "12.5"),
        (plain(date(2026, 11, 26)), "26 Nov 2026"),
        (plain(datetime(2026, 11, 21, 3, tzinfo=UTC)), "21 Nov 2026, 04:00"),
        (plain(datetime(2026, 11, 21, 23, 30, 5, 123456, tzinfo=UTC)), "22 Nov 2026, 00:30"),
        ("2026-07-01T12:00:00+02:00", "1 Jul 2026, 12:00"),
        ("2026-07-01T12:00:00Z", "1 Jul 2026, 14:00"),
        (["2026-01-01", None, "2026-12-31"], "1 Jan 2026, –, 31 Dec 2026"),
        ({"from": "2026-01-01", "note": ""}, "from: 1 Jan 2026, note: –"),
    ],
)
def test_a_value_as_people_read_it(value, words):
    assert in_words(value, "Europe/Oslo") == words


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13-01",
        "0000-01-01",
        "0001-01-01 00:00:00+14:00",
        "9999-12-31 23:59:59+00:00",
        "2026-11-21 25:00:00+00:00",
        "2026-11-21 03:00:00",
        "Since 2026-11-26",
        "2026-11-26\n",
        "2026-Q4",
        "2026-11",
        "20261126",
        "<b>2026-11-26</b>",
        "٢٠٢٦-١١-٢٦",
    ],
)
def test_what_is_no_day_or_moment_stays_as_it_was_written(text):
    assert in_words(text, "Pacific/Kiritimati") == text
