"""Holidays as people paste them: a line each, the day first. Pure."""

from datetime import date
from typing import NamedTuple

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
MOST_LINES, LONGEST_NAME = 1_000, 120


class Named(NamedTuple):
    """A day and what it is called."""

    day: date
    name: str


class Read(NamedTuple):
    """What was understood, and a sentence for each thing that was not."""

    holidays: list[Named]
    problems: list[str]


def read_lines(text: str) -> Read:
    """ "2026-12-25 Christmas Day" in each line; empty lines count for nothing."""
    holidays: dict[date, Named] = {}
    problems = []
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        return Read([], [f"Paste at most {MOST_LINES:,} lines at once; these are {len(lines):,}."])
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _read(line.strip())
        if isinstance(found, str):
            problems.append(f"Line {number}: {found}")
        elif found.day in holidays:
            problems.append(f"Line {number}: {found.day} is there twice.")
        else:
            holidays[found.day] = found
    return Read(list(holidays.values()), problems)


def _read(line: str) -> Named | str:
    """A line's day and name, or what is wrong with it."""
    first, _, rest = line.replace("\t", " ").partition(" ")
    name = " ".join(rest.split())
    try:
        day = date.fromisoformat(first.strip(",;"))
    except ValueError:
        return f"“{first[:40]}” is no day. Write it as 2026-12-25."
    return complaint(day, name) or Named(day, name)


def complaint(day: date, name: str) -> str:
    """What is wrong with a holiday, in a sentence; "" if nothing is."""
    if not EARLIEST <= day <= LATEST:
        return f"{day} is too far away. Take days from 1990 to 2200."
    if not name or not name.isprintable():
        return f"{day} has no name. Write it after the day."
    if len(name) > LONGEST_NAME:
        return f"The name of {day} is longer than {LONGEST_NAME} characters."
    return ""
