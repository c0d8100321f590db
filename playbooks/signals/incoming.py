"""Raising many signals that programs send, each once for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.api.rows import RowAnswer, RowRefused, rejected
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.tenancy.clock import today
from playbooks.indicators.models import Severity
from playbooks.signals.models import Signal, SignalSource
from playbooks.signals.standing import settle

TRIES = 3
OTHER = "This external_id was used for a signal of another account."


@dataclass(frozen=True)
class Incoming:
    """A signal as a program tells it."""

    account_id: int
    external_id: str
    kind: str
    severity: int
    title: str
    note: str
    evidence: list[dict[str, Any]]

    @property
    def cause(self) -> str:
        """What it is told apart by."""
        return f"api {self.external_id}"


@transaction.atomic
def take_signals(signals: Sequence[Incoming], *, by: Actor) -> list[RowAnswer]:
    """Raise those whose external id is new; an answer for each, in order. A constant number of statements.

    The accounts are locked first, so that of two calls at once the second sees what the first wrote. With
    the same id for different accounts that does not help: who comes second is turned away by the database,
    and looks again.
    """
    if not signals:
        return []
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _take(signals, by)
        except IntegrityError:
            continue
    return _take(signals, by)


def _take(signals: Sequence[Incoming], by: Actor) -> list[RowAnswer]:
    ids = sorted({one.account_id for one in signals})
    list(Account.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    causes = {one.cause for one in signals}
    rows = Signal.objects.filter(source=SignalSource.API, cause__in=causes).order_by("-pk")
    known = {
        cause: (pk, account_id) for pk, cause, account_id in rows.values_list("pk", "cause", "account_id")
    }
    fresh: dict[str, Incoming] = {}
    for one in signals:
        if one.cause not in known:
            fresh.setdefault(one.cause, one)
    made = _raise(list(fresh.values()), by)
    return _answers(signals, known, made)


def _raise(signals: list[Incoming], by: Actor) -> dict[str, Signal]:
    if not signals:
        return {}
    day, now = today(), timezone.now()
    rows = [
        Signal(
            account_id=one.account_id,
            kind=one.kind,
            severity=one.severity,
            source=SignalSource.API,
            cause=one.cause,
            title=one.title,
            note=one.note,
            evidence=[
                {**row, "day": day.isoformat(), "page": "", "args": [], "query": ""} for row in one.evidence
            ],
            raised_on=day,
            raised_at=now,
            last_seen_on=day,
            actor=by.label[:160],
        )
        for one in signals
    ]
    made = Signal.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        entries = [
            audit_rows("raised", one.pk, one.title, {}, {"severity": Severity(one.severity).label})
            for one in made
        ]
        insert_audit(cursor.cursor, by, "signal", entries)
    settle({one.account_id for one in made}, by=by, raised=[one.pk for one in made])
    return {one.cause: one for one in made}


def _answers(
    signals: Sequence[Incoming], known: dict[str, tuple[int, int]], made: dict[str, Signal]
) -> list[RowAnswer]:
    answers, seen = [], set()
    for one in signals:
        fresh = made.get(one.cause)
        pk, account_id = (fresh.pk, fresh.account_id) if fresh else known[one.cause]
        if account_id != one.account_id:
            answers.append(rejected(RowRefused("external_id", OTHER)))
            continue
        is_new = fresh is not None and one.cause not in seen
        seen.add(one.cause)
        answers.append(RowAnswer(0, "accepted" if is_new else "duplicate", id=pk))
    return answers
