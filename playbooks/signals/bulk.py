"""The same for many signals at once, in a constant number of statements."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from playbooks.signals.actions import check_snooze
from playbooks.signals.models import Outcome, Signal, SignalState
from playbooks.signals.standing import settle

UNRESOLVED = (SignalState.OPEN, SignalState.ACKNOWLEDGED, SignalState.SNOOZED)


@transaction.atomic
def acknowledge_many(signal_ids: Collection[int], *, by: Actor) -> int:
    """Acknowledge those of these signals that are open or snoozed; how many."""
    values = {
        "state": SignalState.ACKNOWLEDGED,
        "acknowledged_at": timezone.now(),
        "snoozed_until": None,
        "owner_id": by.membership_id,
    }
    return _change(signal_ids, (SignalState.OPEN, SignalState.SNOOZED), values, "acknowledged", {}, by=by)


@transaction.atomic
def snooze_many(signal_ids: Collection[int], *, by: Actor, until: date, note: str = "") -> int:
    """Put those that are not resolved aside until a day; how many. Raises SignalRefused."""
    check_snooze(until)
    values = {"state": SignalState.SNOOZED, "snoozed_until": until}
    told = {"until": times.day(until), "note": note}
    return _change(signal_ids, UNRESOLVED, values, "snoozed", told, by=by)


@transaction.atomic
def resolve_many(signal_ids: Collection[int], *, by: Actor, outcome: str, note: str = "") -> int:
    """Close those that are not resolved; how many."""
    values = {
        "state": SignalState.RESOLVED,
        "outcome": outcome,
        "outcome_note": note[:500],
        "resolved_at": timezone.now(),
        "resolved_on": today(),
        "snoozed_until": None,
    }
    told = {"outcome": Outcome(outcome).label, "note": note}
    return _change(signal_ids, UNRESOLVED, values, "resolved", told, by=by)


def _change(
    signal_ids: Collection[int],
    states: Collection[str],
    values: dict[str, Any],
    verb: str,
    told: dict[str, Any],
    *,
    by: Actor,
) -> int:
    chosen = Signal.objects.filter(pk__in=signal_ids, state__in=states).order_by("pk")
    rows = list(chosen.select_for_update(of=("self",)).values_list("pk", "account_id", "title"))
    if not rows:
        return 0
    Signal.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(version=F("version") + 1, **values)
    with connection.cursor() as cursor:
        entries = [audit_rows(verb, pk, title, {}, told) for pk, _, title in rows]
        insert_audit(cursor.cursor, by, "signal", entries)
    settle({account_id for _, account_id, _ in rows}, by=by)
    return len(rows)
