"""Services owed as CSV: those of a page's filter, or all as an export."""

import io
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.tiers.models import Service
from csworkspace.exports.csvfile import write_rows
from csworkspace.exports.registry import Exporter, ExportRefused, Rows, Span
from csworkspace.tenancy.clock import today
from playbooks.services.filters import ServiceFilter, in_state
from playbooks.services.models import ServiceOccurrence
from playbooks.services.queries import with_status

MAX_ROWS, CHUNK = 200_000, 5_000
HEADER = [
    "account_id", "account_external_id", "account", "service", "kind", "period", "tier", "owner", "status",
    "starts_on", "due_on", "grace_days", "missed_after", "delivered_on", "delivered_by_person", "hours",
    "delivered_by", "asked_at", "answer_by", "answered_at", "subject", "proof", "note", "waived_reason",
]  # fmt: skip
COLUMNS = (
    "account_id", "account__external_id", "account__name", "service__name", "service__kind", "period",
    "tier__name", "owner_name", "status", "starts_on", "due_on", "grace_days", "missed_after", "delivered_on",
    "deliverer", "hours", "delivered_by", "asked_at", "answer_by", "answered_at", "subject", "proof_title",
    "note", "waived_reason",
)  # fmt: skip


def csv_of(view: ServiceFilter, on: date, now: datetime) -> bytes:
    """The rows of a filter by due date, UTF-8, formulas made inert; at most MAX_ROWS."""
    out = io.StringIO()
    rows = _values(in_state(view, on, now).order_by("due_on", "pk")[:MAX_ROWS])
    write_rows(out, HEADER, map(list, rows))
    return out.getvalue().encode()


def export_rows(span: Span) -> Rows:
    """Every service owed, by id; `span` limits to a service's name, and to those due within its dates."""
    found = ServiceOccurrence.objects.all()
    if span.metric:
        found = found.filter(service=_service(span.metric))
    if span.since:
        found = found.filter(due_on__gte=span.since)
    if span.until:
        found = found.filter(due_on__lte=span.until)
    return _in_chunks(with_status(today(), timezone.now(), found))


def _service(name: str) -> Service:
    found = Service.objects.filter(name__iexact=name).first()
    if found is None:
        known = ", ".join(Service.objects.order_by("name").values_list("name", flat=True)) or "(none yet)"
        raise ExportRefused(f"There is no service {name!r}. Choose one of: {known}.")
    return found


def _in_chunks(found: QuerySet[ServiceOccurrence]) -> Iterator[list[object]]:
    """Memory stays the same for any number."""
    last = 0
    while chunk := list(_values(found.filter(pk__gt=last).order_by("pk")[:CHUNK], "pk")):
        yield from (list(row[:-1]) for row in chunk)
        last = chunk[-1][-1]


def _values(rows: QuerySet[ServiceOccurrence], *more: str) -> QuerySet[ServiceOccurrence, tuple[object, ...]]:
    return rows.annotate(owner_name=F("owner__user__name")).values_list(*COLUMNS, *more)


SERVICES = Exporter("services", HEADER, export_rows)
