"""The services of a period in a snapshot: which were due and how they were kept, what else was delivered."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from csworkspace.web.formats import DASH, plural
from csworkspace.web.times import day
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import period_words
from playbooks.services.queries import owed_by_report, with_status
from playbooks.services.status import COUNTED, DELIVERED, OccurrenceStatus
from reports.reports.parts import Part
from reports.reports.periods import Period

# So many rows are printed; counted is everything.
MOST = 200
KEPT = Count("pk", filter=Q(status=OccurrenceStatus.ON_TIME))


def services_due(
    account_id: int, period: Period, today: date, now: datetime, kind: str = ""
) -> QuerySet[Any]:
    """What was due in the period, as it stands today: the days of grace may end after the period.

    Without the service that a report of this kind delivers itself when it is issued.
    """
    due = ServiceOccurrence.objects.filter(
        account_id=account_id, due_on__gte=period.starts_on, due_on__lte=period.ends_on
    )
    due = due.exclude(pk__in=owed_by_report(account_id, kind, today)[:1])
    found = with_status(today, now, due).filter(status__in=COUNTED).select_related("service")
    return found.order_by("due_on", "service__name", "id")


def delivered_besides(account_id: int, period: Period, today: date, now: datetime) -> QuerySet[Any]:
    """What was delivered in the period and due before or after it, the earliest delivery first.

    It is work of the period; whether it was promised for it, and kept, is told where it was due.
    """
    done = ServiceOccurrence.objects.filter(
        account_id=account_id, delivered_on__gte=period.starts_on, delivered_on__lte=period.ends_on
    ).exclude(due_on__gte=period.starts_on, due_on__lte=period.ends_on)
    found = with_status(today, now, done).filter(status__in=DELIVERED).select_related("service")
    return found.order_by("delivered_on", "service__name", "id")


def service_rows(found: QuerySet[Any]) -> list[Part]:
    """A row for each service as they come (MOST at most), and one for all requests of a response time."""
    rows = [_row(one) for one in found.filter(asked_at=None)[:MOST]]
    asked = found.filter(asked_at__isnull=False).order_by("service__name").values_list("service__name")
    return rows + [_requests(*row) for row in asked.annotate(owed=Count("pk"), kept=KEPT)]


def _row(one: Any) -> Part:
    status = OccurrenceStatus(one.status)
    return {
        "service": one.service.name,
        "period": period_words(one.period),
        "due_text": day(one.due_on),
        "done_text": day(one.delivered_on),
        "status": status.value,
        "status_label": status.label,
    }


def _requests(name: str, owed: int, kept: int) -> Part:
    return {
        "service": name,
        "period": plural(owed, "request"),
        "due_text": DASH,
        "done_text": DASH,
        "status": "on_time" if kept == owed else "late",
        "status_label": f"{kept} of {owed} on time",
    }


def services_summary(found: QuerySet[Any]) -> Part:
    """How many of what was due were delivered on time, as numbers and as a sentence; all of it is counted."""
    counted = found.aggregate(owed=Count("pk"), kept=KEPT, listed=Count("pk", filter=Q(asked_at=None)))
    sentence = kept_sentence(counted["kept"], counted["owed"])
    if counted["listed"] > MOST:
        sentence += f" The first {MOST} by their dates are listed."
    return {"owed": counted["owed"], "on_time": counted["kept"], "sentence": sentence}


def kept_sentence(kept: int, owed: int) -> str:
    """ "5 of 6 promised services were delivered on time." Nothing when nothing was due."""
    if not owed:
        return ""
    if owed == 1:
        return f"The one promised service was {'' if kept else 'not '}delivered on time."
    if kept == owed:
        return f"All {owed} promised services were delivered on time."
    return f"{kept or 'None'} of {owed} promised services {'was' if kept == 1 else 'were'} delivered on time."
