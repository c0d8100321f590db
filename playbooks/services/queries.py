"""Reads about services owed: their status, and what share was kept."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, DateField, ExpressionWrapper, F, Q, QuerySet, Value, When

from accounts.tiering.queries import overrides_on, tiers_on
from accounts.tiers.models import ServiceKind
from accounts.tiers.terms import Terms, terms_of_tiers
from playbooks.services.models import ServiceOccurrence
from playbooks.services.status import Attainment, OccurrenceStatus

STATUS = OccurrenceStatus
# Which services a report delivers, by the report's kind.
REPORT_DELIVERS = {"qbr": ServiceKind.QBR, "progress": ServiceKind.REPORT}


def with_status(today: date, now: datetime, rows: QuerySet[ServiceOccurrence] | None = None) -> QuerySet[Any]:
    """Occurrences with `status` as of a day and a moment; `status.status_of` says the same in Python."""
    last_day = ExpressionWrapper(F("due_on") + F("grace_days"), output_field=DateField())
    found = ServiceOccurrence.objects.all() if rows is None else rows
    return found.annotate(last_day=last_day).annotate(
        status=Case(
            When(waived_at__isnull=False, then=Value(STATUS.WAIVED)),
            When(
                Q(answer_by=None, delivered_on__lte=F("last_day")) | Q(answered_at__lte=F("answer_by")),
                then=Value(STATUS.ON_TIME),
            ),
            When(delivered_on__isnull=False, then=Value(STATUS.DELIVERED_LATE)),
            When(starts_on__gt=today, then=Value(STATUS.PLANNED)),
            When(missed_after__lt=today, then=Value(STATUS.MISSED)),
            When(
                Q(answer_by=None, last_day__lt=today) | Q(answer_by__lt=now),
                then=Value(STATUS.LATE),
            ),
            default=Value(STATUS.OPEN),
            output_field=CharField(),
        )
    )


def not_delivered() -> QuerySet[ServiceOccurrence]:
    """What was neither delivered nor waived."""
    return ServiceOccurrence.objects.filter(delivered_on=None, waived_at=None)


def owed_by_report(account_id: int, kind: str, day: date) -> QuerySet[ServiceOccurrence]:
    """What a report of this kind may deliver on a day, the one that it does deliver first.

    What is missed by then stays missed.
    """
    owed = not_delivered().filter(
        account_id=account_id, service__kind=REPORT_DELIVERS.get(kind), asked_at=None
    )
    return owed.filter(starts_on__lte=day, missed_after__gte=day).order_by("due_on", "id")


def counts(names: Collection[str] = STATUS.values) -> dict[str, Count]:
    """Aggregates over `with_status`: how many are in each status."""
    return {name: Count("id", filter=Q(status=name)) for name in names}


def attainment_of(rows: QuerySet[Any]) -> Attainment:
    """The counts of rows from `with_status`; one query."""
    return Attainment(**rows.aggregate(**counts()))


def terms_on(account_id: int, day: date) -> dict[int, Terms]:
    """Service id → what an account is promised on a day: its tier's terms, or its own; three queries."""
    tier = tiers_on(day, [account_id]).get(account_id)
    found = dict(terms_of_tiers(day).get(tier or 0, {}))
    for service_id, own in overrides_on(day, [account_id]).get(account_id, {}).items():
        if own is None:
            found.pop(service_id, None)
        else:
            found[service_id] = own
    return found
