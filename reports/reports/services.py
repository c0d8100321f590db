"""The services of a period in a snapshot: which were due and how they were kept, what else was delivered."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from csworkspace.web.formats import DASH, plural
from csworkspace.web.times import day
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import period_words
from playbooks.services.queries import with_status
from playbooks.services.status import COUNTED, DELIVERED, OccurrenceStatus
from reports.reports.parts import Part
from reports.reports.periods import Period

MOST = 200


def services_due(account_id: int, period: Period, today: date, now: datetime) -> list[Any]:
    """What was due in the period, as it stands today: the days of grace may end after the period."""
    due = ServiceOccurrence.objects.filter(
        account_id=account_id, due_on__gte=period.starts_on, due_on__lte=period.ends_on
    )
    found = with_status(today, now, due).filter(status__in=COUNTED).select_related("service")
    return list(found.order_by("due_on", "service__name", "id")[:MOST])


def delivered_besides(account_id: int, period: Period, today: date, now: datetime) -> list[Any]:
    """What was delivered in the period and due before or after it, the earliest delivery first.

    It is work of the period; whether it was promised for it, and kept, is told where it was due.
    """
    done = ServiceOccurrence.objects.filter(
        account_id=account_id, delivered_on__gte=period.starts_on, delivered_on__lte=period.ends_on
    ).exclude(due_on__gte=period.starts_on, due_on__lte=period.ends_on)
    found = with_status(today, now, done).filter(status__in=DELIVERED).select_related("service")
    return list(found.order_by("delivered_on", "service__name", "id")[:MOST])


def service_rows(found: Sequence[Any]) -> list[Part]:
    """A row for each service as they come, and one for all requests of a response time."""
    rows = [_row(one) for one in found if one.asked_at is None]
    asked = [one for one in found if one.asked_at is not None]
    names = dict.fromkeys(one.service.name for one in asked)
    return rows + [_requests(name, [one for one in asked if one.service.name == name]) for name in names]


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


def _requests(name: str, asked: Sequence[Any]) -> Part:
    kept = _kept(asked)
    return {
        "service": name,
        "period": plural(len(asked), "request"),
        "due_text": DASH,
        "done_text": DASH,
        "status": "on_time" if kept == len(asked) else "late",
        "status_label": f"{kept} of {len(asked)} on time",
    }


def services_summary(found: Sequence[Any]) -> Part:
    """How many of what was due were delivered on time, as numbers and as a sentence."""
    kept, owed = _kept(found), len(found)
    return {"owed": owed, "on_time": kept, "sentence": kept_sentence(kept, owed)}


def kept_sentence(kept: int, owed: int) -> str:
    """ "5 of 6 promised services were delivered on time." Nothing when nothing was due."""
    if not owed:
        return ""
    if owed == 1:
        return f"The one promised service was {'' if kept else 'not '}delivered on time."
    if kept == owed:
        return f"All {owed} promised services were delivered on time."
    return f"{kept or 'None'} of {owed} promised services {'was' if kept == 1 else 'were'} delivered on time."


def _kept(found: Iterable[Any]) -> int:
    return sum(one.status == OccurrenceStatus.ON_TIME for one in found)
