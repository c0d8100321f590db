"""The list of services owed, a page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.tiers.models import DeliveredBy
from csworkspace.web import times
from csworkspace.web.formats import DASH
from playbooks.services.clock import Clock
from playbooks.services.filters import ServiceFilter, in_state
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import period_words
from playbooks.services.queries import with_status
from playbooks.services.status import TO_DO, OccurrenceStatus

PAGE, ACCOUNT_PAGE = 50, 20
RELATED = ("account", "service", "tier", "owner__user")
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
    due_short: str
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


def row_of(one: ServiceOccurrence, clock: Clock) -> OccurrenceRow:
    """An occurrence from `with_status`, with what is RELATED loaded."""
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
        due=times.day(one.due_on) + _hour(one, clock),
        due_short=times.day_short(one.due_on) + _hour(one, clock),
        when=_when(one, clock) if waiting or status == status.PLANNED else "",
        status=status.value,
        status_label=status.label,
        tone=TONES[status],
        delivered=_delivered(one, clock),
        deliverer=one.deliverer,
        proof_page=one.proof_page,
        proof_id=one.proof_id,
        proof_title=one.proof_title,
        to_do=waiting,
        completable=waiting and one.asked_at is None,
        cursor=f"{one.due_on}.{one.pk}",
    )


def _hour(one: ServiceOccurrence, clock: Clock) -> str:
    """ ", 04:30": the promise of a request is an hour."""
    return f",{times.moment(one.answer_by, clock.zone).partition(',')[2]}" if one.answer_by else ""


def _when(one: ServiceOccurrence, clock: Clock) -> str:
    if one.answer_by:
        return times.relative_local(one.answer_by, clock.now, clock.zone)
    return times.relative_day(one.due_on, clock.today)


def _delivered(one: ServiceOccurrence, clock: Clock) -> str:
    return times.moment(one.answered_at, clock.zone) if one.answered_at else times.day(one.delivered_on)


def _by_whom(one: ServiceOccurrence) -> str:
    return "" if one.delivered_by == DeliveredBy.PERSON else DeliveredBy(one.delivered_by).label


def occurrence_rows(
    view: ServiceFilter, clock: Clock, after: Cursor | None = None
) -> tuple[list[OccurrenceRow], bool]:
    """A page of the view and whether more follow; one query. What is to do: the earliest due first."""
    rows = in_state(view, clock.today, clock.now)
    if view.state in EARLIEST_FIRST:
        if after:
            rows = rows.filter(Q(due_on__gt=after[0]) | Q(due_on=after[0], pk__gt=after[1]))
        return _page(rows.order_by("due_on", "pk"), clock, PAGE)
    return _page(_latest_first(rows, after), clock, PAGE)


def _latest_first(rows: QuerySet[Any], after: Cursor | None) -> QuerySet[Any]:
    if after:
        rows = rows.filter(Q(due_on__lt=after[0]) | Q(due_on=after[0], pk__lt=after[1]))
    return rows.order_by("-due_on", "-pk")


def _page(rows: QuerySet[Any], clock: Clock, size: int) -> tuple[list[OccurrenceRow], bool]:
    found = list(rows.select_related(*RELATED)[: size + 1])
    return [row_of(one, clock) for one in found[:size]], len(found) > size


def read_cursor(text: str) -> Cursor | None:
    """The place in the list that a link carries; None for anything else."""
    day, _, pk = text.partition(".")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def to_do_of_account(account_id: int, clock: Clock, most: int) -> list[OccurrenceRow]:
    """What is to do or planned for an account, the earliest first; one query."""
    rows = _of_account(account_id, clock).filter(_waiting(clock))
    return _page(rows.order_by("due_on", "pk"), clock, most)[0]


def over_of_account(
    account_id: int, clock: Clock, after: Cursor | None = None
) -> tuple[list[OccurrenceRow], bool]:
    """A page of what is over for an account, the latest first, and whether more follow; one query."""
    rows = _of_account(account_id, clock).exclude(_waiting(clock))
    return _page(_latest_first(rows, after), clock, ACCOUNT_PAGE)


def _of_account(account_id: int, clock: Clock) -> QuerySet[Any]:
    return with_status(clock.today, clock.now, ServiceOccurrence.objects.filter(account_id=account_id))


def _waiting(clock: Clock) -> Q:
    return Q(delivered_on=None, waived_at=None, missed_after__gte=clock.today)
