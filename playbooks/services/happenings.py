"""Services on the timeline: delivered, and missed."""

from datetime import datetime
from typing import Any, NamedTuple

from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url
from playbooks.services.periods import period_words
from playbooks.timeline.reading import midnight, newest
from playbooks.timeline.sources import Happening, Place, TimelineSource

# One that is missed is so from the day after its last chance.
TOLD = f"""
select {midnight("coalesce(one.delivered_on, one.missed_after + 1)")} as at, 'service ' || one.id as key,
    one.id, service.name, one.period, one.subject, one.note, one.deliverer, one.delivered_on is null as missed
from playbooks_serviceoccurrence one join accounts_service service on service.id = one.service_id
where one.account_id = %s
    and (one.delivered_on is not null or (one.waived_at is null and one.missed_after < %s))
"""


class Row(NamedTuple):
    """A service that was delivered, or missed."""

    at: datetime
    key: str
    pk: int
    name: str
    period: str
    subject: str
    note: str
    deliverer: str
    missed: bool


def find_services(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """What was delivered and what was missed; one query."""
    values = [request.workspace.timezone, account_id, today_of(request.workspace)]
    return [
        Happening(
            row.at,
            row.key,
            _title(row),
            row.note,
            row.deliverer,
            workspace_url(request, "occurrence", row.pk),
            "bad" if row.missed else "",
        )
        for row in newest(Row, TOLD, values, before, limit)
    ]


def _title(row: Row) -> str:
    if row.subject:
        return f"{'Not answered in time' if row.missed else 'Answered'}: {row.subject}"
    return f"{row.name}, {period_words(row.period)} {'missed' if row.missed else 'delivered'}"


SERVICES = TimelineSource("services", "Services", find_services, order=40, word="Service", icon="calendar")
