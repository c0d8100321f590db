"""What a signal of an indicator says: one place, so that the rest knows nothing of how indicators word it."""

from typing import Any

from csworkspace.web import formats
from playbooks.indicators.explaining import evidence, explain
from playbooks.indicators.models import Indicator, Reading
from playbooks.indicators.naming import Names

LONGEST = 300


class Teller:
    """Puts readings into words; what their indicators name is read once for all of them."""

    def __init__(self) -> None:
        self.names = Names()

    def title(self, indicator: Indicator, reading: Reading) -> str:
        """The explanation, such as "4-week activity fell 62% against the 12 weeks before".

        Name and number, if the indicator can say no more than its name.
        """
        text = explain(indicator, reading, reading.told_on, self.names)
        return (plain(indicator, reading) if text in ("", indicator.name) else text)[:LONGEST]

    def evidence(self, indicator: Indicator, reading: Reading) -> list[dict[str, Any]]:
        """The numbers behind, as `Signal.evidence` keeps them."""
        return evidence(indicator, reading, reading.told_on, self.names) or plain_evidence(indicator, reading)


def plain(indicator: Indicator, reading: Reading) -> str:
    """ "Activity: 62 against 100"."""
    if reading.value is None:
        return indicator.name
    text = f"{indicator.name}: {formats.number(reading.value)}"
    if reading.compared is None:
        return text
    return f"{text} against {formats.number(reading.compared)}"


def plain_evidence(indicator: Indicator, reading: Reading) -> list[dict[str, Any]]:
    """The two numbers of a reading, without pages that show them."""
    numbers = ((indicator.name, reading.value), ("Held against", reading.compared))
    day = reading.told_on.isoformat()
    return [
        {
            "label": label,
            "value": formats.number(value),
            "unit": "",
            "day": day,
            "page": "",
            "args": [],
            "query": "",
        }
        for label, value in numbers
        if value is not None
    ]
