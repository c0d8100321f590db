"""What the book of business says about services: next owed, late, and the share kept of four quarters."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from accounts.book.actions import ServiceStanding, set_service_standing
from accounts.book.models import NEVER, BookRow
from csworkspace.tenancy.clock import today
from playbooks.services.models import ServiceOccurrence
from playbooks.services.queries import with_status
from playbooks.services.status import COUNTED, OccurrenceStatus, percent_kept
from playbooks.services.windows import four_quarters

STATUS = OccurrenceStatus


def refresh_service_standing(
    account_ids: Sequence[int], *, on: date | None = None, now: datetime | None = None
) -> list[int]:
    """Write it into the rows of these accounts; the accounts whose rows changed. Five statements at most."""
    day = on or today()
    window = four_quarters(day)
    within = Q(due_on__gte=window.since, due_on__lte=window.until)
    rows = ServiceOccurrence.objects.filter(account_id__in=account_ids)
    # What ended before the window and is not to be done says nothing here.
    rows = rows.filter(Q(due_on__gte=window.since) | Q(delivered_on=None, waived_at=None))
    found = (
        with_status(day, now or timezone.now(), rows)
        .order_by()
        .values("account_id")
        .annotate(
            next_owed=Min("due_on", filter=Q(status__in=(STATUS.PLANNED, STATUS.OPEN, STATUS.LATE))),
            late_now=Count("id", filter=Q(status=STATUS.LATE)),
            kept=Count("id", filter=Q(status=STATUS.ON_TIME) & within),
            owed=Count("id", filter=Q(status__in=COUNTED) & within),
        )
        .values_list("account_id", "next_owed", "late_now", "kept", "owed")
    )
    standings = {pk: ServiceStanding(pk) for pk in account_ids}
    for pk, next_owed, late, kept, owed in found:
        percent = percent_kept(kept, owed)
        standings[pk] = ServiceStanding(pk, next_owed or NEVER, late, -1 if percent is None else percent)
    before = _written(account_ids)
    set_service_standing(list(standings.values()))
    return [pk for pk, fresh in standings.items() if fresh != before.get(pk, ServiceStanding(pk))]


def _written(account_ids: Sequence[int]) -> dict[int, ServiceStanding]:
    rows = BookRow.objects.filter(account_id__in=account_ids).order_by()
    found = rows.values_list("account_id", "next_owed_on", "services_late", "attainment")
    return {row[0]: ServiceStanding(*row) for row in found}
