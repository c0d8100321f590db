"""Signals as pages print them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from csworkspace.web import formats, times
from playbooks.indicators.models import Severity, SignalKind
from playbooks.signals.links import evidence_url
from playbooks.signals.models import Outcome, Signal, SignalSource, SignalState

# Which shape and colour of the kit says it; the word is always printed.
BAD = {Severity.HIGH: "at_risk", Severity.MEDIUM: "warning", Severity.LOW: "no_data"}
GOOD = {Severity.HIGH: "ahead", Severity.MEDIUM: "on_track", Severity.LOW: "no_data"}
GOOD_NEWS = frozenset({SignalKind.OPPORTUNITY, SignalKind.BUYING, SignalKind.MILESTONE})
STATES = {
    SignalState.OPEN: "open",
    SignalState.ACKNOWLEDGED: "running",
    SignalState.SNOOZED: "waiting",
    SignalState.RESOLVED: "closed",
}


@dataclass(frozen=True)
class SignalRow:
    """A signal, ready to print."""

    id: int
    version: int
    account_id: int
    title: str
    kind: str
    severity: str
    tone: str
    state: str
    state_label: str
    state_tone: str
    since: str
    seen: str
    by: str
    is_open: bool
    is_resolved: bool


def tone_of(kind: str, severity: int) -> str:
    """The kit's status for a severity: what is good news is never red."""
    tones = GOOD if kind in GOOD_NEWS else BAD
    return tones[Severity(severity)]


def row_of(one: Signal, today: date) -> SignalRow:
    """A signal with its indicator and owner loaded."""
    state = SignalState(one.state)
    return SignalRow(
        id=one.pk,
        version=one.version,
        account_id=one.account_id,
        title=one.title,
        kind=SignalKind(one.kind).label,
        severity=Severity(one.severity).label,
        tone=tone_of(one.kind, one.severity),
        state=state.value,
        state_label=state_words(one, today),
        state_tone=STATES[state],
        since=since_words(one, today),
        seen=times.day(one.last_seen_on),
        by=source_words(one),
        is_open=state == SignalState.OPEN,
        is_resolved=state == SignalState.RESOLVED,
    )


def state_words(one: Signal, today: date) -> str:
    """ "Open", "Acknowledged by Priya Raman", "Snoozed until 14 Mar", "Recovered by itself, 12 Mar"."""
    if one.state == SignalState.ACKNOWLEDGED and one.owner_id:
        return f"Acknowledged by {one.owner}"
    if one.state == SignalState.SNOOZED:
        return f"Snoozed until {times.day_short(one.snoozed_until, today)}"
    if one.state == SignalState.RESOLVED:
        label = Outcome(one.outcome).label if one.outcome else SignalState.RESOLVED.label
        return f"{label}, {times.day_short(one.resolved_on, today)}"
    return SignalState(one.state).label


def since_words(one: Signal, today: date) -> str:
    """ "raised 3 days ago"."""
    return f"raised {times.relative_day(one.raised_on, today)}"


def source_words(one: Signal) -> str:
    """Who raised it: the indicator's name, a person, or the API."""
    if one.source == SignalSource.INDICATOR:
        return one.indicator.name if one.indicator else "An indicator that is gone"
    return one.actor


@dataclass(frozen=True)
class Evidence:
    """A number behind a signal, ready to print."""

    label: str
    value: str
    day: str
    url: str


def evidence_rows(request: Any, one: Signal) -> list[Evidence]:
    """The numbers behind a signal; what cannot be read is left out."""
    rows = one.evidence if isinstance(one.evidence, list) else []
    return [_evidence(request, row) for row in rows if isinstance(row, dict)]


def _evidence(request: Any, row: dict[str, Any]) -> Evidence:
    value, unit = str(row.get("value", "")), str(row.get("unit") or "")
    text = f"{value}{formats.NBSP}{unit}" if value and unit else value
    return Evidence(
        str(row.get("label", "")), text or formats.DASH, _day(row.get("day")), evidence_url(request, row)
    )


def _day(value: Any) -> str:
    try:
        return times.day(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return formats.DASH
