"""The last page of a report in words: rules, sources, late data. Pure functions."""

from collections.abc import Mapping
from typing import Any

from playbooks.plans.progress import RULE_NOTE, STATUS_RULE, TREND_DAYS


def method_texts(snapshot: Mapping[str, Any]) -> list[dict[str, str]]:
    """Titles and texts, in the order in which they are printed."""
    found = [
        {"title": "Status of a target", "text": status_rule()},
        {"title": "What counts as a point", "text": RULE_NOTE},
        {"title": "Forecast", "text": forecast_rule()},
        {"title": "Data", "text": _data(snapshot)},
        {"title": "Late data", "text": _late(snapshot)},
    ]
    if not snapshot["objectives"]:
        return found[3:]
    return found if snapshot["kind"] == "qbr" else [found[0], found[3]]


def status_rule() -> str:
    """The rule of `playbooks.plans.progress.target_status` as one sentence per status."""
    return "; ".join(f"{status.label}: {rule}" for status, rule in STATUS_RULE) + "."


def forecast_rule() -> str:
    """How a forecast is made."""
    return (
        f"The straight line through the daily values of the last {TREND_DAYS} days, carried on to the due "
        "date. It says where the trend leads, not what will happen."
    )


def _data(snapshot: Mapping[str, Any]) -> str:
    data, period = snapshot["data"], snapshot["period"]
    last = data["last_event_text"]
    received = f"the last event counted here is of {last}" if last else "no usage event has been received"
    return (
        f"Figures are as of {period['as_of_text']}, from what was known when they were put together on "
        f"{snapshot['generated_text']}; {received}. Usage metrics are computed from usage events; numbers of "
        "the customer\u2019s own business are entered by people, with their name and a note."
    )


def _late(snapshot: Mapping[str, Any]) -> str:
    return (
        "Events that arrive later correct the measurements of their day in the workspace. This document "
        "does not change: its content was frozen, and the fingerprint below proves which content it is."
    )
