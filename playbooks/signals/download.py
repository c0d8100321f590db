"""Signals as CSV: those of the inbox's filter, or all as an export."""

import io
from typing import Any

from django.db.models import QuerySet

from csworkspace.exports.csvfile import write_rows
from csworkspace.exports.registry import Exporter, Rows, Span
from playbooks.indicators.models import Severity
from playbooks.signals.filters import SignalFilter, chosen, in_state
from playbooks.signals.models import Signal

MAX_ROWS, CHUNK = 200_000, 5_000
HEADER = [
    "signal", "account_id", "account_external_id", "account", "kind", "severity", "title", "source",
    "indicator", "state", "raised_on", "last_seen_on", "acknowledged_at", "snoozed_until", "resolved_on",
    "outcome", "outcome_note", "note",
]  # fmt: skip
COLUMNS = (
    "pk", "account_id", "account__external_id", "account__name", "kind", "severity", "title", "source",
    "indicator__key", "state", "raised_on", "last_seen_on", "acknowledged_at", "snoozed_until", "resolved_on",
    "outcome", "outcome_note", "note",
)  # fmt: skip
SEVERITY = HEADER.index("severity")
NAMES = {member.value: member.name.lower() for member in Severity}


def csv_of(view: SignalFilter) -> bytes:
    """The rows of a filter, the worst first, UTF-8, formulas made inert; at most MAX_ROWS."""
    out = io.StringIO()
    write_rows(out, HEADER, _rows(in_state(view, chosen(view)).order_by("-severity", "-pk")[:MAX_ROWS]))
    return out.getvalue().encode()


def export_rows(span: Span) -> Rows:
    """Every signal, by id; `span` limits to those raised within its dates."""
    found = Signal.objects.all()
    if span.since:
        found = found.filter(raised_on__gte=span.since)
    if span.until:
        found = found.filter(raised_on__lte=span.until)
    last = 0
    while True:
        rows = list(_rows(found.filter(pk__gt=last).order_by("pk")[:CHUNK]))
        yield from rows
        if len(rows) < CHUNK:
            return
        last = int(str(rows[-1][0]))


def _rows(found: QuerySet[Signal]) -> Rows:
    for values in found.values_list(*COLUMNS):
        row: list[Any] = list(values)
        row[SEVERITY] = NAMES.get(row[SEVERITY], row[SEVERITY])
        yield row


SIGNALS = Exporter("signals", HEADER, export_rows)
