"""What a signal of an indicator says: one place, so that signals know nothing of how indicators word it."""

from typing import Any

from csworkspace.web import formats
from playbooks.indicators.models import Indicator, Reading

LONGEST = 300


def title_of(indicator: Indicator, reading: Reading) -> str:
    """The explanation in words, such as "4-week activity fell 62 % against the 12 weeks before"."""
    return _plain(indicator, reading)[:LONGEST]


def evidence_of(indicator: Indicator, reading: Reading) -> list[dict[str, Any]]:
    """The numbers behind, as `Signal.evidence` keeps them."""
    rows: list[dict[str, Any]] = []
    if reading.value is not None:
        rows.append(_row(indicator.name, formats.number(reading.value), reading))
    if reading.compared is not None:
        rows.append(_row("Held against", formats.number(reading.compared), reading))
    return rows


def _row(label: str, value: str, reading: Reading) -> dict[str, Any]:
    day = reading.day.isoformat()
    return {"label": label, "value": value, "unit": "", "day": day, "page": "", "args": [], "query": ""}


def _plain(indicator: Indicator, reading: Reading) -> str:
    if reading.value is None:
        return indicator.name
    text = f"{indicator.name}: {formats.number(reading.value)}"
    if reading.compared is None:
        return text
    return f"{text} against {formats.number(reading.compared)}"
