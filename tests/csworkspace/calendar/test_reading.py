"""Holidays from pasted lines and calendar files, also from bad ones."""

from datetime import date

import pytest

from csworkspace.calendar.icsfile import NO_CALENDAR, read_calendar
from csworkspace.calendar.pasting import read_lines

TODAY = date(2026, 11, 26)


def ics(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


def test_lines_are_days_and_names():
    found = read_lines("2026-12-25 Christmas Day\n\n2027-01-01,\tNew  Year's Day \r\n")
    assert found.problems == []
    assert found.holidays == [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2027, 1, 1), "New Year's Day"),
    ]


def test_each_wrong_line_is_told():
    text = "25.12.2026 Christmas\n2026-12-26\n2026-02-30 Leap\n0001-01-01 Old\n2026-05-01 A\n2026-05-01 B"
    found = read_lines(text + f"\n2026-06-01 {'x' * 121}\n2026-06-02 a\x07b")
    assert found.holidays == [(date(2026, 5, 1), "A")]
    assert found.problems == [
        "Line 1: “25.12.2026” is no day. Write it as 2026-12-25.",
        "Line 2: 2026-12-26 has no name. Write it after the day.",
        "Line 3: “2026-02-30” is no day. Write it as 2026-12-25.",
        "Line 4: 0001-01-01 is too far away. Take days from 1990 to 2200.",
        "Line 6: 2026-05-01 is there twice.",
        "Line 7: The name of 2026-06-01 is longer than 120 characters.",
        "Line 8: 2026-06-02 has no name. Write it after the day.",
    ]
    assert read_lines("x\n" * 1001).problems == ["Paste at most 1,000 lines at once; these are 1,001."]


def test_a_calendar_file_gives_its_days():
    found = read_calendar(
        ics(
            "SUMMARY:Juledag\\, første\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226",
            "SUMMARY:Easter\r\nDTSTART;VALUE=DATE:20270326\r\nDTEND;VALUE=DATE:20270328",
            "SUMMARY:Party\r\nDTSTART:20261224T120000Z\r\nDTEND:20261224T160000Z",
            "SUMMARY:No end\r\nDTSTART;VALUE=DATE:20270517",
        ),
        TODAY,
    )
    assert found.problems == []
    assert found.holidays == [
        (date(2026, 12, 24), "Party"),
        (date(2026, 12, 25), "Juledag, første"),
        (date(2027, 3, 26), "Easter"),
        (date(2027, 3, 27), "Easter"),
        (date(2027, 5, 17), "No end"),
    ]


def test_what_comes_back_each_year_is_taken_for_the_years_ahead():
    yearly = "SUMMARY:Labour Day\r\nDTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY"
    found = read_calendar(ics(yearly), TODAY)
    assert [one.day.year for one in found.holidays] == [2026, 2027, 2028, 2029, 2030, 2031]
    leap = read_calendar(ics(yearly.replace("20200501", "20200229")), TODAY)
    assert [one.day for one in leap.holidays] == [date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ("SUMMARY:A\r\nDTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=SECONDLY", "repeats in a way"),
        (
            "SUMMARY:A\r\nDTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20270101",
            "lasts longer than a month",
        ),
        ("SUMMARY:A", "has no day that can be read"),
        ("SUMMARY:A\r\nDTSTART:gibberish", "has no day that can be read"),
        ("SUMMARY:A\r\nDTSTART;VALUE=DATE:00010101", "is too far away"),
    ],
)
def test_events_that_are_no_holidays_are_told(event, problem):
    found = read_calendar(ics(event), TODAY)
    assert (found.holidays, len(found.problems)) == ([], 1)
    assert problem in found.problems[0]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"hello", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"PK\x03\x04"]
)
def test_files_that_are_no_calendar_are_refused(content):
    found = read_calendar(content, TODAY)
    assert found.holidays == []
    assert found.problems in ([NO_CALENDAR], ["The file has no events."])


def test_a_hostile_name_is_one_short_line():
    found = read_calendar(ics(f"SUMMARY:<b>\\n{'x' * 400}\r\nDTSTART;VALUE=DATE:20261225"), TODAY)
    assert found.holidays == [(date(2026, 12, 25), "<b> " + "x" * 116)]
