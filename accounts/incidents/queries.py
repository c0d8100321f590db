"""Incidents as pages print them, and who was exposed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.incidents.models import Incident, IncidentImpact
from accounts.usage.features import matching
from csworkspace.web import formats, times
from csworkspace.web.urls import id_in

PAGE, EXPOSED = 50, 200
TONES = {
    IncidentImpact.MINOR: "no_data",
    IncidentImpact.MAJOR: "warning",
    IncidentImpact.OUTAGE: "at_risk",
}
# Each account's own part of the events' index; what falls outside of the incident is never read.
FOUND = """
select row.account_id, row.name, row.owner_id, found.people, found.uses, found.first, found.last,
    count(*) over (), sum(found.people) over ()
from accounts_bookrow row
cross join lateral (
    select count(distinct event.user_key) as people, count(*) as uses,
        min(event.occurred_at) as first, max(event.occurred_at) as last
    from accounts_event event
    where event.account_id = row.account_id and event.occurred_at >= %(since)s
        and event.occurred_at < %(until)s{features}
) found
where found.uses > 0
order by found.people desc, found.uses desc, row.account_id
limit %(limit)s
"""


@dataclass(frozen=True)
class IncidentRow:
    """An incident, ready to print."""

    id: int
    title: str
    impact: str
    tone: str
    started: str
    ended: str
    lasted: str
    is_running: bool
    features: list[str]


@dataclass(frozen=True)
class ExposedRow:
    """An account whose people used what was affected meanwhile."""

    account_id: int
    account: str
    people: str
    uses: str
    when: str


@dataclass(frozen=True)
class Exposure:
    """Who was exposed: the accounts with the most people, and how many there are in all."""

    rows: list[ExposedRow]
    accounts: int
    people: int


def row_of(one: Incident, zone: str) -> IncidentRow:
    """An incident in words."""
    impact = IncidentImpact(one.impact)
    until = one.ended_at or timezone.now()
    return IncidentRow(
        id=one.pk,
        title=one.title,
        impact=impact.label,
        tone=TONES[impact],
        started=times.moment(one.started_at, zone),
        ended=times.moment(one.ended_at, zone) if one.ended_at else "still going on",
        lasted=times.duration(max(0.0, (until - one.started_at).total_seconds())),
        is_running=one.ended_at is None,
        features=[str(name) for name in one.features] if isinstance(one.features, list) else [],
    )


def incident_page(zone: str, after: tuple[datetime, int] | None) -> tuple[list[IncidentRow], str]:
    """A page of incidents, the newest first, and the place after it ("" at the end); one query."""
    rows: QuerySet[Any] = Incident.objects.order_by("-started_at", "-pk")
    if after:
        rows = rows.filter(Q(started_at__lt=after[0]) | Q(started_at=after[0], pk__lt=after[1]))
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    last = f"{page[-1].started_at.isoformat()}_{page[-1].pk}" if len(found) > PAGE else ""
    return [row_of(one, zone) for one in page], last


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """The place in the list that a link carries; None for anything else."""
    moment, _, pk = text.rpartition("_")
    number = id_in(pk)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, number) if number is not None and at.tzinfo else None


def exposure_of(one: Incident, zone: str, limit: int = EXPOSED) -> Exposure:
    """The accounts whose people used the affected features meanwhile; one query."""
    features, values = matching(row_of(one, zone).features, "event.feature")
    given: dict[str, Any] = {
        **values,
        "since": one.started_at,
        "until": one.counts_until,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(features=features), given)
        rows = cursor.fetchall()
    shown = [
        ExposedRow(
            account_id=pk,
            account=name,
            people=formats.number(people),
            uses=formats.number(uses),
            when=_span(first, last, zone),
        )
        for pk, name, _, people, uses, first, last, _, _ in rows
    ]
    return Exposure(shown, rows[0][7], int(rows[0][8])) if rows else Exposure([], 0, 0)


def _span(first: datetime, last: datetime, zone: str) -> str:
    """ "14 Mar 2026, 09:05 – 10:10"; the day of the end if it is another one."""
    begin, end = times.moment(first, zone), times.moment(last, zone)
    if begin == end:
        return begin
    day, _, hour = end.partition(", ")
    return f"{begin} {formats.DASH} {hour if begin.startswith(f'{day},') else end}"
