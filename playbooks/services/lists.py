"""The list of services owed, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.tiers.models import DeliveredBy
from csworkspace.web import times
from csworkspace.web.formats import DASH
from playbooks.services.filters import ServiceFilter, in_state
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import period_words
from playbooks.services.queries import with_status
from playbooks.services.status import TO_DO, OccurrenceStatus

PAGE = 50
EARLIEST_FIRST = frozenset({"to_do", "open", "late", "planned"})
# Which colour and shape of the kit says it; the word is always printed.
TONES = {
    OccurrenceStatus.PLANNED: "no_data",
    OccurrenceStatus.OPEN: "active",
    OccurrenceStatus.LATE: "overdue",
    OccurrenceStatus.MISSED: "failed",
    OccurrenceStatus.ON_TIME: "done",
    OccurrenceStatus.DELIVERED_LATE: "slipping",
    OccurrenceStatus.WAIVED: "closed",
}
Cursor = tuple[date, int]


@dataclass(frozen=True)
class OccurrenceRow:
    """A service that is owed, ready to print."""

    id: int
    account_id: int
    account: str
    service: str
    service_id: int
    period: str
    about: str
    tier: str
    owner: str
    due: str
    when: str
    status: str
    status_label: str
    tone: str
    delivered: str
    deliverer: str
    proof_page: str
    proof_id: int | None
    proof_title: str
    to_do: bool
    completable: bool
    cursor: str


def row_of(one: ServiceOccurrence, today: date) -> OccurrenceRow:
    """An occurrence from `with_status`, with account, service, tier and owner loaded."""
    status = OccurrenceStatus(one.status)  # type: ignore[attr-defined]
    waiting = status in TO_DO
    return OccurrenceRow(
        id=one.pk,
        account_id=one.account_id,
        account=one.account.name,
        service=one.service.name,
        service_id=one.service_id,
        period=period_words(one.period),
        about=one.subject or _by_whom(one),
        tier=one.tier.name if one.tier else DASH,
        owner=str(one.owner) if one.owner else "Nobody",
        due=times.day(one.due_on),
        when=times.relative_day(one.due_on, today) if waiting or status == status.PLANNED else "",
        status=status.value,
        status_label=status.label,
        tone=TONES[status],
        delivered=times.day(one.delivered_on),
        deliverer=one.deliverer,
        proof_page=one.proof_page,
        proof_id=one.proof_id,
        proof_title=one.proof_title,
        to_do=waiting,
        completable=waiting and one.asked_at is None,
        cursor=f"{one.due_on}.{one.pk}",
    )


def _by_whom(one: ServiceOccurrence) -> str:
    return "" if one.delivered_by == DeliveredBy.PERSON else DeliveredBy(one.delivered_by).label


def occurrence_rows(
    view: ServiceFilter, today: date, now: datetime, after: Cursor | None = None
) -> tuple[list[OccurrenceRow], bool]:
    """A page of the view and whether more follow; one query. What is to do: the earliest due first."""
    rows = in_state(view, today, now).select_related("account", "service", "tier", "owner__user")
    rising = view.state in EARLIEST_FIRST
    if after:
        day, pk = after
        beyond = Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk)
        rows = rows.filter(beyond if rising else Q(due_on__lt=day) | Q(due_on=day, pk__lt=pk))
    order = ("due_on", "pk") if rising else ("-due_on", "-pk")
    found = list(rows.order_by(*order)[: PAGE + 1])
    return [row_of(one, today) for one in found[:PAGE]], len(found) > PAGE


def read_cursor(text: str) -> Cursor | None:
    """The place in the list that a link carries; None for anything else."""
    day, _, pk = text.partition(".")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def rows_of_account(
    account_id: int, today: date, now: datetime, *, to_do: bool, limit: int
) -> list[OccurrenceRow]:
    """What is to do or planned for an account, the earliest first; or what is over, the latest first."""
    rows = ServiceOccurrence.objects.filter(account_id=account_id)
    waiting = Q(delivered_on=None, waived_at=None, missed_after__gte=today)
    rows = rows.filter(waiting) if to_do else rows.exclude(waiting)
    found = with_status(today, now, rows).select_related("account", "service", "tier", "owner__user")
    ordered = found.order_by("due_on", "pk") if to_do else found.order_by("-due_on", "-pk")
    return [row_of(one, today) for one in ordered[:limit]]
