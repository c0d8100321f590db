"""What is said of the parts of a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from csworkspace.web import times
from csworkspace.web.formats import compact, percent
from playbooks.indicators.models import Indicator


@dataclass(frozen=True)
class Read:
    """How an indicator came out; see `playbooks.indicators.models.Reading`."""

    holds: bool | None
    value: Decimal | None
    compared: Decimal | None
    held_since: date | None


def reading_words(indicator: Indicator, reading: Read) -> str:
    """An indicator's reading in a few words; nothing without data."""
    if reading.holds is None:
        return ""
    figures = "" if reading.value is None else f", at {compact(reading.value)}"
    if reading.value is not None and reading.compared is not None:
        figures += f" against {compact(reading.compared)}"
    if not reading.holds:
        return f"Does not hold{figures}"
    since = f" since {times.day(reading.held_since)}" if reading.held_since else ""
    return f"Holds{since}{figures}"


def plan_words(shares: Sequence[tuple[str, Decimal | None]]) -> str:
    """How many targets are where they should be, and which is the worst."""
    known = [(name, share) for name, share in shares if share is not None]
    if not known:
        return "No target has a measurement that counts"
    name, worst = min(known, key=lambda item: item[1])
    on_path = sum(share >= 1 for _, share in known)
    if worst >= 1:
        return "Every target is where it should be" if len(known) > 1 else f"{name} is where it should be"
    if len(known) == 1:
        return f"{name} is behind its path and earns {percent(worst)}"
    return (
        f"{on_path} of {len(known)} targets where they should be; the worst, {name}, earns {percent(worst)}"
    )


def level_words(level: int, levels: int) -> str:
    """The level reached."""
    return f"Level {level} of {levels}" if level else f"Not yet at level 1 of {levels}"
