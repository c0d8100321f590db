"""What people and programs do with signals: raise, acknowledge, snooze, resolve, reopen."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.versions import Conflict, check_version
from playbooks.playbooks.models import Playbook
from playbooks.signals.models import Outcome, Signal, SignalSetting, SignalSource, SignalState
from playbooks.signals.queries import USUAL_MOST
from playbooks.signals.standing import settle

LONGEST_SNOOZE_DAYS = 366
MOST_PER_DAY = 50
CLEAR: dict[str, Any] = {
    "acknowledged_at": None,
    "snoozed_until": None,
    "resolved_at": None,
    "resolved_on": None,
    "outcome": "",
    "outcome_note": "",
    "owner_id": None,
}


class SignalRefused(ValueError):
    """Something that cannot be done as asked; the text says why. `field`: of the form."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class News:
    """What a new signal says; see `models.Signal`."""

    kind: str
    title: str
    severity: int
    note: str = ""
    evidence: list[dict[str, Any]] = field(default_factory=list)
    playbook: Playbook | None = None


def cause_by_hand(title: str) -> str:
    """What a person's signal is told apart by: the same words on the same account are the same cause."""
    return f"person {' '.join(title.casefold().split())}"[:160]


@transaction.atomic
def raise_signal(
    account: Account, news: News, *, by: Actor, source: str = SignalSource.PERSON, cause: str = ""
) -> Signal:
    """Raise a signal on an account. Raises SignalRefused if its cause has one that is not resolved."""
    day = today()
    made = Signal(
        account=account,
        kind=news.kind,
        severity=news.severity,
        source=source,
        cause=cause or cause_by_hand(news.title),
        title=news.title[:300],
        note=news.note,
        evidence=news.evidence,
        playbook=news.playbook,
        raised_on=day,
        raised_at=timezone.now(),
        last_seen_on=day,
        actor=by.label[:160],
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        said = "This account has an unresolved signal that says the same. Work on that one."
        raise SignalRefused(said, "title") from None
    record("raised", made, by=by, after={"kind": made.get_kind_display(), "severity": _severity(made)})
    settle([account.pk], by=by, raised=[made.pk])
    return made


def _severity(signal: Signal) -> str:
    return str(signal.get_severity_display())


def lock(pk: int, version: int | None) -> Signal:
    """The signal, locked, as the person saw it. Raises Conflict if it was changed since."""
    found = Signal.objects.select_related("account").select_for_update(of=("self",)).get(pk=pk)
    check_version(found, version)
    return found


def lock_unresolved(pk: int, version: int | None) -> Signal:
    """The same; raises Conflict for one that is resolved."""
    found = lock(pk, version)
    if found.state == SignalState.RESOLVED:
        raise Conflict(f"This is resolved already: {found.get_outcome_display()}. Reopen it to change that.")
    return found


def write(signal: Signal, verb: str, *, by: Actor, **after: Any) -> Signal:
    """Save a locked signal as another version, with its audit entry, and settle."""
    signal.version += 1
    signal.save()
    record(verb, signal, by=by, after=after)
    settle([signal.account_id], by=by)
    return signal


@transaction.atomic
def acknowledge_signal(signal: Signal, *, by: Actor, version: int | None = None) -> Signal:
    """Say that somebody is on it. Raises Conflict when it is not open any more."""
    locked = lock_unresolved(signal.pk, version)
    if locked.state == SignalState.ACKNOWLEDGED:
        raise Conflict("This is acknowledged already.")
    locked.state, locked.acknowledged_at = SignalState.ACKNOWLEDGED, timezone.now()
    locked.snoozed_until, locked.owner_id = None, by.membership_id
    return write(locked, "acknowledged", by=by)


@transaction.atomic
def snooze_signal(
    signal: Signal, *, by: Actor, until: date, note: str = "", version: int | None = None
) -> Signal:
    """Put it aside until a day, on which it is open again. Raises SignalRefused, Conflict."""
    check_snooze(until)
    locked = lock_unresolved(signal.pk, version)
    locked.state, locked.snoozed_until = SignalState.SNOOZED, until
    return write(locked, "snoozed", by=by, until=times.day(until), note=note)


def check_snooze(until: date) -> None:
    """Raise SignalRefused for a day that is no later than today, or too far away."""
    day = today()
    if until <= day:
        raise SignalRefused("Choose a day after today: the signal comes back on it.", "until")
    if until > day + timedelta(days=LONGEST_SNOOZE_DAYS):
        raise SignalRefused("Choose a day within a year. To be rid of it, resolve it.", "until")


@transaction.atomic
def resolve_signal(
    signal: Signal, *, by: Actor, outcome: str, note: str = "", version: int | None = None
) -> Signal:
    """Close it, and say what became of it. Raises Conflict when it is resolved already."""
    locked = lock_unresolved(signal.pk, version)
    locked.state, locked.outcome, locked.outcome_note = SignalState.RESOLVED, outcome, note[:500]
    locked.resolved_at, locked.resolved_on, locked.snoozed_until = timezone.now(), today(), None
    return write(locked, "resolved", by=by, outcome=Outcome(outcome).label, note=note)


@transaction.atomic
def reopen_signal(signal: Signal, *, by: Actor, version: int | None = None) -> Signal:
    """Take back whatever was said of it. Raises Conflict when it is open, or its cause has another one."""
    # As reconciling does first: it must not raise another one for the same cause meanwhile.
    Account.objects.select_for_update(no_key=True).get(pk=signal.account_id)
    locked = lock(signal.pk, version)
    if locked.state == SignalState.OPEN:
        raise Conflict("This is open already.")
    # The next run would end it again at once, by the reading that ended it before.
    locked.is_kept = locked.is_kept or locked.state == SignalState.RESOLVED
    locked.state = SignalState.OPEN
    for name, value in CLEAR.items():
        setattr(locked, name, value)
    try:
        with transaction.atomic():
            return write(locked, "reopened", by=by)
    except IntegrityError:
        raise Conflict("The same cause has raised a newer signal, which is not resolved.") from None


@transaction.atomic
def set_cap(most_per_day: int, *, by: Actor, version: int | None = None) -> SignalSetting:
    """Say how many signals indicators may raise on one account and day. Raises Conflict."""
    made, _ = SignalSetting.objects.get_or_create(defaults={"most_per_day": USUAL_MOST})
    locked = SignalSetting.objects.select_for_update().get(pk=made.pk)
    check_version(locked, version)
    before = {"most per day": locked.most_per_day}
    locked.most_per_day, locked.version = most_per_day, locked.version + 1
    locked.save()
    record("changed", locked, by=by, before=before, after={"most per day": most_per_day})
    return locked
