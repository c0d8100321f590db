"""Signals, news and incidents on an account's timeline."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, DateTimeField, ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, Collate, Concat, LPad

from accounts.incidents.models import Incident, IncidentImpact
from accounts.news.models import News, NewsKind
from accounts.usage.features import listed_or_all
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.indicators.models import Severity
from playbooks.signals.models import GOOD_ENDS, Outcome, Signal
from playbooks.signals.rows import BAD, GOOD_NEWS, source_words
from playbooks.timeline.sources import Happening, TimelineSource

Before = tuple[datetime, str] | None
TONES = {"at_risk": "bad", "warning": "warn"}
# A fact that has only a day stands at its noon, so that it is of that day in nearly every zone.
NOON = "((%(expressions)s + time '12:00') at time zone 'UTC')"
EXPOSED = f"""
select incident.id from accounts_incident incident
where (%(at)s::timestamptz is null or incident.started_at <= %(at)s)
    and exists (
        select from accounts_event event
        where event.account_id = %(account)s and event.occurred_at >= incident.started_at
            and event.occurred_at < coalesce(incident.ended_at, now())
            and {listed_or_all("incident.features", "event.feature")}
    )
"""


def part(rows: QuerySet[Any], at: Any, word: str, what: str, before: Before, limit: int) -> list[Any]:
    """The newest rows before a place, with `at` and the `key` "word <id> what"; one query.

    Rows of one statement share their moment, so that the key has to decide in the database as it does here.
    """
    number = LPad(Cast("pk", CharField()), 12, Value("0"))
    key = Concat(Value(f"{word} "), number, Value(f" {what}"), output_field=CharField())
    found = rows.annotate(at=at, key=Collate(key, "C"))
    if before is not None:
        found = found.filter(Q(at__lt=before[0]) | Q(at=before[0], key__lt=before[1]))
    return list(found.order_by("-at", "-key")[:limit])


def newest(happenings: list[Happening], limit: int) -> list[Happening]:
    """The newest of several parts together."""
    return sorted(happenings, key=lambda one: (one.at, one.key), reverse=True)[:limit]


def signal_story(request: Any, account_id: int, before: Before, limit: int) -> list[Happening]:
    """Signals that were raised, and that were resolved; two queries."""
    rows = Signal.objects.filter(account_id=account_id).select_related("indicator")
    raised = part(rows, F("raised_at"), "signal", "raised", before, limit)
    ended = rows.exclude(resolved_at=None)
    resolved = part(ended, F("resolved_at"), "signal", "resolved", before, limit)
    return newest(
        [_raised(request, one) for one in raised] + [_resolved(request, one) for one in resolved], limit
    )


def _raised(request: Any, one: Any) -> Happening:
    severity = Severity(one.severity)
    good = one.kind in GOOD_NEWS
    return Happening(
        at=one.at,
        key=one.key,
        title=f"Signal: {one.title}",
        text=f"{one.get_kind_display()}, {severity.label.lower()}",
        by=source_words(one),
        url=workspace_url(request, "signal", one.pk),
        tone="good" if good else TONES.get(BAD[severity], ""),
    )


def _resolved(request: Any, one: Any) -> Happening:
    return Happening(
        at=one.at,
        key=one.key,
        title=f"Signal resolved: {one.title}",
        text=": ".join(filter(None, [Outcome(one.outcome).label if one.outcome else "", one.outcome_note])),
        url=workspace_url(request, "signal", one.pk),
        tone="good" if one.outcome in GOOD_ENDS else "",
    )


def news_story(request: Any, account_id: int, before: Before, limit: int) -> list[Happening]:
    """News on the day of the fact; one query."""
    noon = ExpressionWrapper(Func(F("happened_on"), template=NOON), output_field=DateTimeField())
    rows = part(News.objects.filter(account_id=account_id), noon, "news", "heard", before, limit)
    url = workspace_url(request, "account_news", account_id)
    return [
        Happening(
            one.at, one.key, f"News: {one.title}", NewsKind(one.kind).label, one.actor, url,
            "bad" if one.kind in (NewsKind.CUTS, NewsKind.COMPETITOR) else "",
        )
        for one in rows
    ]  # fmt: skip


def incident_story(request: Any, account_id: int, before: Before, limit: int) -> list[Happening]:
    """Incidents that the account's people were in; two queries."""
    with connection.cursor() as cursor:
        at = before[0] if before else None
        sql = f"{EXPOSED} order by incident.started_at desc, incident.id desc limit %(limit)s"
        cursor.execute(sql, {"account": account_id, "at": at, "limit": limit + 50})
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = part(Incident.objects.filter(pk__in=ids), F("started_at"), "incident", "began", before, limit)
    zone = request.workspace.timezone
    return [
        Happening(
            at=one.at,
            key=one.key,
            title=f"Incident: {one.title}",
            text=f"{IncidentImpact(one.impact).label}, {_until(one, zone)}. Their people used it meanwhile.",
            url=workspace_url(request, "incident", one.pk),
            tone="bad" if one.impact == IncidentImpact.OUTAGE else "warn",
        )
        for one in rows
    ]


def _until(one: Any, zone: str) -> str:
    return f"until {times.moment(one.ended_at, zone)}" if one.ended_at else "still going on"


SOURCES = (
    TimelineSource("signals", "Signals", signal_story, 20),
    TimelineSource("news", "News", news_story, 60),
    TimelineSource("incidents", "Incidents", incident_story, 65),
)
