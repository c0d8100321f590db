"""The signals that tell of trouble, as the score takes them."""

from collections.abc import Sequence
from typing import Any

from playbooks.indicators.models import SignalKind
from playbooks.signals.queries import unresolved, worst_first

TROUBLE = (SignalKind.RISK, SignalKind.INCIDENT, SignalKind.PEOPLE)


def troubles_of(account_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By account the worst unresolved signal of trouble, and how many others there are; one query."""
    rows = worst_first(unresolved().filter(account_id__in=account_ids, kind__in=TROUBLE))
    found: dict[int, dict[str, Any]] = {}
    for account_id, title, severity in rows.values_list("account_id", "title", "severity"):
        if account_id in found:
            found[account_id]["signals_more"] += 1
        else:
            found[account_id] = {"signal": title, "signal_severity": severity, "signals_more": 0}
    return found
