"""Bringing signals in step with the present readings of indicators, for many accounts at once.

The accounts' rows are locked first, so that two at once follow each other and the second finds nothing
left to do. A constant number of statements for a batch of accounts. The rules are in `deciding`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.jobs.actions import start_job
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from playbooks.indicators.models import Indicator, Reading, Severity
from playbooks.signals.deciding import PAUSED, Decision, Last, Pair, Situation, decide
from playbooks.signals.models import HeldBack, Outcome, Signal, SignalSource, SignalState
from playbooks.signals.queries import most_per_day, unresolved
from playbooks.signals.standing import settle
from playbooks.signals.telling import Teller

CHUNK = 500
# Whoever set off the run (added the indicator, say) has not raised what it found.
INDICATOR = "Indicator"
WRITTEN = (
    "title", "kind", "severity", "playbook", "evidence", "last_seen_on", "state", "snoozed_until", "outcome",
    "outcome_note", "resolved_at", "resolved_on", "is_kept", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Reconciled:
    """What a run did: ids of raised signals and of those whose snooze ended, and how many were what."""

    raised: list[int]
    back: list[int]
    resolved: int = 0
    held_back: int = 0


@transaction.atomic
def reconcile_signals(account_ids: Sequence[int], *, by: Actor, on: date | None = None) -> Reconciled:
    """Raise, resolve and update the signals of these accounts, a few hundred at once."""
    if not account_ids:
        return Reconciled([], [])
    day, now = on or today(), timezone.now()
    situation = read_situation(account_ids, day)
    made = decide(situation)
    teller = Teller()
    raised = _insert(made, day, now, teller)
    changed = _apply(made, day, now, teller)
    _audit(changed, raised, Actor(INDICATOR, by.origin))
    held = _hold_back(list(situation.stages), made.held_back, day)
    back = [one.pk for one in made.wake]
    # Other words are news too: attention and the pages of accounts say what a signal says.
    moved = {one.account_id for one in [*raised, *(signal for signal, _, _ in changed)]}
    settle(moved, by=by, raised=[one.pk for one in raised], back=back)
    if held:
        _tell_managers(day, by)
    return Reconciled([one.pk for one in raised], back, len(made.resolve), held)


def read_situation(account_ids: Sequence[int], day: date) -> Situation:
    """What decides; locks the accounts and their signals. Seven queries."""
    locked = Account.objects.filter(pk__in=account_ids).order_by("pk").select_for_update(no_key=True)
    stages = dict(locked.values_list("pk", "stage"))
    indicators = {one.pk: one for one in Indicator.objects.all()}
    # Held until the end: what a person says of one meanwhile comes after, or has been read here.
    held = unresolved().filter(account_id__in=stages).order_by("pk").select_for_update(of=("self",))
    open_ones = list(held)
    for one in open_ones:
        # Not read for each by itself; a deleted indicator has left None.
        one.indicator = indicators.get(one.indicator_id or 0)
    readings = _readings(list(stages), {one.indicator_id for one in open_ones if one.indicator_id})
    taken = {(one.account_id, one.indicator_id) for one in open_ones}
    pairs = [pair for pair, reading in readings.items() if reading.holds and pair not in taken]
    today_rows = Signal.objects.filter(account_id__in=stages, source=SignalSource.INDICATOR, raised_on=day)
    counted = today_rows.order_by().values_list("account_id").annotate(number=Count("id"))
    return Situation(
        day=day,
        stages=stages,
        indicators=indicators,
        readings=readings,
        unresolved=open_ones,
        last=_last(pairs),
        raised=dict(counted),
        most=most_per_day(),
    )


def _readings(account_ids: list[int], indicator_ids: set[int]) -> dict[Pair, Reading]:
    """The present readings that hold, and those of these indicators."""
    rows = Reading.objects.filter(account_id__in=account_ids, superseded_at=None)
    found = rows.filter(Q(holds=True) | Q(indicator_id__in=indicator_ids)).order_by("pk")
    return {(row.account_id, row.indicator_id): row for row in found}


def _last(pairs: list[Pair]) -> dict[Pair, Last]:
    """How the latest signal of each pair ended; an end by a pause says nothing of the matter."""
    rows = (
        Signal.objects.exclude(outcome=Outcome.NOT_NEEDED, outcome_note=PAUSED)
        .filter(
            state=SignalState.RESOLVED,
            account_id__in={account_id for account_id, _ in pairs},
            indicator_id__in={indicator_id for _, indicator_id in pairs},
        )
        .order_by("account_id", "indicator_id", "-resolved_on", "-pk")
        .distinct("account_id", "indicator_id")
        .values_list("account_id", "indicator_id", "resolved_on", "outcome", "outcome_note")
    )
    found: list[Any] = list(rows)
    return {(account_id, indicator_id): Last(*rest) for account_id, indicator_id, *rest in found}


def _insert(made: Decision, day: date, now: datetime, teller: Teller) -> list[Signal]:
    rows = [
        Signal(
            account_id=account_id,
            indicator=indicator,
            kind=indicator.kind,
            severity=indicator.severity,
            source=SignalSource.INDICATOR,
            cause=f"indicator {indicator.pk}",
            title=teller.title(indicator, reading),
            evidence=teller.evidence(indicator, reading),
            playbook_id=indicator.playbook_id,
            raised_on=day,
            raised_at=now,
            last_seen_on=day,
            actor=INDICATOR,
        )
        for account_id, indicator, reading in made.raise_
    ]
    return Signal.objects.bulk_create(rows) if rows else []


Change = tuple[Signal, str, dict[str, Any]]


def _apply(made: Decision, day: date, now: datetime, teller: Teller) -> list[Change]:
    """Write what becomes of signals; each with the verb that its history tells, "" for none."""
    found: dict[int, Change] = {}
    held = {signal.pk for signal, _ in made.touch}
    for signal, reading in made.touch:
        change = _touched(signal, reading, day, teller)
        if change:
            found[signal.pk] = change
    for signal in made.wake:
        signal.state, signal.snoozed_until, signal.version = SignalState.OPEN, None, signal.version + 1
        if signal.pk in held:
            signal.last_seen_on = max(day, signal.last_seen_on)
        found[signal.pk] = (signal, "reopened", {"why": "The snooze has ended."})
    for signal, outcome, note in made.resolve:
        _resolve(signal, outcome, note, day, now)
        found[signal.pk] = (signal, "resolved", {"outcome": outcome.label, "note": note})
    changes = list(found.values())
    _see(sorted(held - found.keys()), day)
    if changes:
        Signal.objects.bulk_update([signal for signal, _, _ in changes], WRITTEN, batch_size=len(changes))
    return changes


def _touched(signal: Signal, reading: Reading, day: date, teller: Teller) -> Change | None:
    """Let a signal say what its reading says now; None if it says that already."""
    indicator = signal.indicator
    assert indicator is not None  # the reading is of it
    before = _says(signal)
    old = Severity(signal.severity).label
    signal.title = teller.title(indicator, reading)
    signal.evidence = teller.evidence(indicator, reading)
    # It holds again: whoever reopened it was right, and the next end is a new one.
    signal.severity, signal.is_kept = indicator.severity, False
    signal.kind, signal.playbook_id = indicator.kind, indicator.playbook_id
    if before == _says(signal):
        return None
    signal.last_seen_on = max(day, signal.last_seen_on)
    new = Severity(signal.severity).label
    return (signal, "changed", {"severity": f"{old} → {new}"}) if old != new else (signal, "", {})


def _says(signal: Signal) -> tuple[Any, ...]:
    return (
        signal.title, signal.kind, signal.severity, signal.playbook_id, signal.evidence, signal.is_kept
    )  # fmt: skip


def _see(signal_ids: list[int], day: date) -> None:
    """Note that these hold as they did before."""
    if signal_ids:
        Signal.objects.filter(pk__in=signal_ids, last_seen_on__lt=day).update(last_seen_on=day)


def _resolve(signal: Signal, outcome: Outcome, note: str, day: date, now: datetime) -> None:
    signal.state, signal.outcome, signal.outcome_note = SignalState.RESOLVED, outcome, note
    signal.resolved_at, signal.resolved_on, signal.snoozed_until = now, day, None
    signal.version += 1


def _audit(changes: list[Change], raised: list[Signal], by: Actor) -> None:
    told = [(verb, one, after) for one, verb, after in changes if verb]
    told += [("raised", one, {"severity": Severity(one.severity).label}) for one in raised]
    if not told:
        return
    with connection.cursor() as cursor:
        rows = [audit_rows(verb, one.pk, one.title, {}, after) for verb, one, after in told]
        insert_audit(cursor.cursor, by, "signal", rows)


def _hold_back(account_ids: list[int], held: dict[int, list[int]], day: date) -> int:
    """Note what the cap holds back on this day; how many more these are than were noted before."""
    rows = HeldBack.objects.filter(account_id__in=account_ids, day=day)
    before: dict[int, list[int]] = defaultdict(list, rows.values_list("account_id", "indicator_ids"))
    if before == held:
        return 0
    rows.delete()
    HeldBack.objects.bulk_create(
        HeldBack(account_id=pk, day=day, indicator_ids=ids) for pk, ids in held.items()
    )
    return sum(len(set(ids) - set(before[pk])) for pk, ids in held.items())


def _tell_managers(day: date, by: Actor) -> None:
    title = f"Tell managers that signals are held back on {times.day(day)}"
    start_job("signals.tell_held", title, by=by, day=day.isoformat())
