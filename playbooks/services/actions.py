"""Delivering what is owed, taking it back, waiving it, giving it to somebody else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.tiers.models import Service
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.events.registry import announce
from csworkspace.people.models import Membership
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.versions import Conflict
from playbooks.services.generating import CHURNED, MOVED
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import period_words
from playbooks.services.queries import not_delivered, owed_by_report
from playbooks.services.standing import refresh_service_standing
from playbooks.services.status import EARLY_RULE

# The name of a report's page.
REPORT_PAGE = "report"
CLEAR = {
    "delivered_on": None,
    "answered_at": None,
    "deliverer": "",
    "note": "",
    "proof_page": "",
    "proof_id": None,
    "proof_title": "",
    "waived_at": None,
    "waived_reason": "",
}
DELIVER_MANY = """
with chosen as (
    select id from playbooks_serviceoccurrence
    where id = any(%(ids)s) and delivered_on is null and waived_at is null and asked_at is null
        and starts_on <= %(on)s
    order by id for update
)
update playbooks_serviceoccurrence one set delivered_on = %(on)s, deliverer = %(who)s, note = %(note)s
from chosen, accounts_service service
where one.id = chosen.id and service.id = one.service_id
returning one.id, one.account_id, service.name, one.period
"""


class ServiceRefused(ValueError):
    """Something that cannot be done as asked; the text says why. `field`: of the form."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Proof:
    """The page that shows a delivery: its name, the object's id, and what it is called."""

    page: str = ""
    id: int | None = None
    title: str = ""


@transaction.atomic
def deliver_service(
    occurrence: ServiceOccurrence,
    *,
    by: Actor,
    delivered_on: date,
    deliverer: str = "",
    note: str = "",
    proof: Proof | None = None,
) -> ServiceOccurrence:
    """Complete what is owed. Raises ServiceRefused for a day that cannot be, Conflict if it is done."""
    locked = lock_open(occurrence.pk)
    if locked.asked_at:
        raise ServiceRefused("Answer a request at an hour: its promise is a time.")
    check_day(delivered_on, locked.starts_on)
    locked.delivered_on, locked.deliverer, locked.note = delivered_on, (deliverer or by.label)[:160], note
    if proof:
        locked.proof_page, locked.proof_id, locked.proof_title = proof.page, proof.id, proof.title[:200]
    locked.save()
    after = {"delivered on": delivered_on, "by": locked.deliverer, "note": note, "proof": locked.proof_title}
    record("delivered", locked, by=by, after=after)
    settle([locked.account_id], by=by)
    return locked


def lock_open(pk: int) -> ServiceOccurrence:
    """The occurrence, locked. Raises Conflict when it is delivered or waived already."""
    locked = _lock(pk)
    if locked.waived_at:
        raise Conflict(f"This was waived meanwhile: {locked.waived_reason} Reopen it to deliver it.")
    if locked.delivered_on:
        who = f"{locked.deliverer} delivered this on {times.day(locked.delivered_on)} already."
        raise Conflict(f"{who} Reopen it to change that.")
    return locked


def _lock(pk: int) -> ServiceOccurrence:
    found = ServiceOccurrence.objects.select_related("service", "account", "owner__user")
    return found.select_for_update(of=("self",)).get(pk=pk)


def check_day(delivered_on: date, starts_on: date) -> None:
    """Raise ServiceRefused for a delivery to come, or one before the period; see EARLY_RULE."""
    if delivered_on > today():
        raise ServiceRefused("That day is still to come.", "delivered_on")
    if delivered_on < starts_on:
        first = times.day(starts_on)
        raise ServiceRefused(f"The period begins on {first}. {EARLY_RULE}", "delivered_on")


def settle(account_ids: Collection[int], *, by: Actor) -> None:
    """What every change ends with: the book, and the news."""
    if account_ids:
        refresh_service_standing(sorted(set(account_ids)))
        announce("services.changed", by=by, account_ids=sorted(set(account_ids)))


@transaction.atomic
def reopen_service(occurrence: ServiceOccurrence, *, by: Actor) -> ServiceOccurrence:
    """Take back a delivery or a waiver. Raises Conflict if there is none any more."""
    locked = _lock(occurrence.pk)
    if not locked.delivered_on and not locked.waived_at:
        raise Conflict("This is open already.")
    before = {"delivered on": locked.delivered_on, "by": locked.deliverer, "note": locked.note}
    if locked.waived_at:
        before = {"waived": locked.waived_reason}
    for name, value in CLEAR.items():
        setattr(locked, name, value)
    locked.save()
    record("reopened", locked, by=by, before=before)
    settle([locked.account_id], by=by)
    return locked


@transaction.atomic
def waive_service(occurrence: ServiceOccurrence, *, by: Actor, reason: str) -> ServiceOccurrence:
    """Say that it is not owed after all, and why. Raises ServiceRefused, Conflict."""
    if not reason.strip():
        raise ServiceRefused("Say why this is not owed.", "reason")
    if reason.strip() in (CHURNED, MOVED):
        # What is waived with these words is owed again by itself.
        raise ServiceRefused("This is said by itself when it happens. Say it in other words.", "reason")
    locked = lock_open(occurrence.pk)
    locked.waived_at, locked.waived_reason = timezone.now(), reason.strip()[:300]
    locked.save()
    record("waived", locked, by=by, after={"reason": locked.waived_reason})
    settle([locked.account_id], by=by)
    return locked


@transaction.atomic
def reassign_service(
    occurrence: ServiceOccurrence, *, by: Actor, owner: Membership | None, seen: int | None = None
) -> ServiceOccurrence:
    """Give it to a colleague; back to the account's owner it follows the account again.

    `seen`: whose it was when that was decided, 0 for nobody's. Raises Conflict if it is somebody else's now.
    """
    locked = lock_open(occurrence.pk)
    if seen is not None and seen != (locked.owner_id or 0):
        raise Conflict(f"This was given to {locked.owner or 'nobody'} meanwhile. Nothing was changed.")
    before = {"owner": str(locked.owner or "Nobody")}
    locked.owner = owner
    locked.is_reassigned = locked.owner_id != locked.account.owner_id
    locked.save()
    after = {"owner": str(owner or "Nobody")}
    if before != after:
        record("reassigned", locked, by=by, before=before, after=after)
        announce("services.changed", by=by, account_ids=[locked.account_id])
    return locked


@transaction.atomic
def deliver_many(
    occurrence_ids: Collection[int], *, by: Actor, delivered_on: date, deliverer: str = "", note: str = ""
) -> int:
    """Complete many at once; how many. Done ones, requests and periods to come are passed over.

    A constant number of statements. Raises ServiceRefused for a day to come.
    """
    check_day(delivered_on, delivered_on)
    values: dict[str, Any] = {
        "ids": list(occurrence_ids),
        "on": delivered_on,
        "who": (deliverer or by.label)[:160],
        "note": note,
    }
    with connection.cursor() as cursor:
        cursor.execute(DELIVER_MANY, values)
        rows = sorted(cursor.fetchall())
        after = {"delivered on": delivered_on, "by": values["who"], "note": note}
        entries = [
            audit_rows("delivered", pk, f"{service}, {period_words(period)}", {}, after)
            for pk, _, service, period in rows
        ]
        insert_audit(cursor.cursor, by, "serviceoccurrence", entries)
    settle({account_id for _, account_id, _, _ in rows}, by=by)
    return len(rows)


@transaction.atomic
def deliver_next(
    account: Account, service: Service, *, by: Actor, delivered_on: date, **values: Any
) -> ServiceOccurrence:
    """Log a delivery: it completes the earliest that is open or late on that day, or else was missed.

    Raises ServiceRefused, Conflict.
    """
    check_day(delivered_on, delivered_on)
    owed = not_delivered().filter(account=account, service=service, asked_at=None)
    owed = owed.filter(starts_on__lte=delivered_on).order_by("due_on", "id")
    found = owed.filter(missed_after__gte=delivered_on).first() or owed.first()
    if found is None:
        day = times.day(delivered_on)
        raise ServiceRefused(f"No {service.name} was owed to {account.name} on {day}.", "service")
    return deliver_service(found, by=by, delivered_on=delivered_on, **values)


@transaction.atomic
def deliver_by_report(
    account_id: int, *, by: Actor, report_id: int, kind: str, issued_on: date, title: str
) -> ServiceOccurrence | None:
    """Complete the earliest owed service that such a report delivers, unless it has delivered one before.

    None when there is nothing to complete. What is missed by then stays missed.
    """
    owed = owed_by_report(account_id, kind, issued_on)
    # All of them are locked first, in one order: who comes second then sees the proof of the first.
    list(owed.order_by("id").select_for_update(of=("self",)).values_list("pk"))
    if ServiceOccurrence.objects.filter(proof_page=REPORT_PAGE, proof_id=report_id).exists():
        return None
    found = owed.first()
    if found is None:
        return None
    proof = Proof(REPORT_PAGE, report_id, title)
    return deliver_service(found, by=by, delivered_on=issued_on, proof=proof)
