"""Where events came from: their batches, the rejected rows, and the events that wait for an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from accounts.imports.models import Batch, BatchKind, Reject
from csworkspace.jobs.models import JobStatus
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url

PAGE = 50
REJECTS_SHOWN = 200
WAITING_SHOWN = 200
WAITING = """
select account_key, count(*), count(distinct user_key), min(occurred_at), max(occurred_at),
    count(*) over (), sum(count(*)) over ()
from accounts_event where account_id is null
group by account_key order by 2 desc, 1 limit %s
"""
# Someone's own mail, not a company: an account with this domain would take everybody's events.
FREE_MAIL = frozenset(
    {
        "aol.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com",
        "live.com", "mail.ru", "me.com", "outlook.com", "proton.me", "protonmail.com", "qq.com",
        "web.de", "yahoo.com",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SourceLine:
    """A batch of events in the list."""

    url: str
    source: str
    when: str
    by: str
    mark: str
    state: str
    figures: dict[str, str]


@dataclass(frozen=True)
class WaitingLine:
    """Events that belong to no account, by what they say of it."""

    key: str
    kind: str
    events: str
    people: str
    first: str
    last: str
    hint: str
    new_url: str


@dataclass(frozen=True)
class Waiting:
    """The events that wait: the largest groups, and the totals."""

    lines: list[WaitingLine]
    groups: int
    events: int


def batches_of_events() -> Any:
    """Deliveries of events; uploads that nobody has mapped yet are drafts and left out."""
    return Batch.objects.filter(kind=BatchKind.EVENTS, is_dry_run=False).select_related("job")


def list_sources(request: Any, before: int | None) -> list[SourceLine]:
    """Deliveries, newest first, one more than a page; one query."""
    found = batches_of_events().order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    base = workspace_url(request, "sources")
    return [
        source_line(batch, f"{base}{batch.pk}/", request.workspace.timezone) for batch in found[: PAGE + 1]
    ]


def source_line(batch: Batch, url: str, zone: str) -> SourceLine:
    """A delivery, ready to print."""
    mark, state = state_of(batch)
    names = ("read", "accepted", "duplicates", "rejected", "unresolved")
    return SourceLine(
        url,
        batch.source,
        times.moment(batch.started_at, zone),
        batch.actor,
        mark,
        state,
        {name: formats.number(getattr(batch, name)) for name in names},
    )


def state_of(batch: Batch) -> tuple[str, str]:
    """A status mark and its word."""
    if batch.error:
        return ("warning", "Broke off") if batch.accepted else ("failed", "Refused")
    if batch.finished_at:
        return "done", "Loaded"
    if batch.job and batch.job.status == JobStatus.DEAD:
        return "failed", "Failed"
    return "running", "Loading"


def source_stats(batch: Batch) -> list[dict[str, str]]:
    """What became of a delivery's rows, as key figures."""
    shown = [
        ("Rows read", batch.read, ""),
        ("New events", batch.accepted, ""),
        ("Duplicates", batch.duplicates, "known already, changed nothing"),
        ("Rejected", batch.rejected, ""),
        ("Without account", batch.unresolved, "when they came; they wait for it"),
    ]
    return [
        {"label": label, "value": formats.number(n), "note": note if n else ""} for label, n, note in shown
    ]


def first_rejects(batch: Batch) -> list[Reject]:
    """The first rejected rows, in the order of the file."""
    return list(Reject.objects.filter(batch=batch).order_by("row", "pk")[:REJECTS_SHOWN])


def waiting_events(request: Any) -> Waiting:
    """Events without an account, the largest groups first; one query over an index of just these."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [WAITING_SHOWN])
        rows = cursor.fetchall()
    new_url, zone = workspace_url(request, "account_new"), request.workspace.timezone
    lines = [_waiting(row[:5], new_url, zone) for row in rows]
    return Waiting(lines, rows[0][5] if rows else 0, int(rows[0][6]) if rows else 0)


def _waiting(row: tuple[str, int, int, datetime, datetime], new_url: str, zone: str) -> WaitingLine:
    key, events, people, first, last = row
    kind, _, value = key.partition(":")
    free = kind == "domain" and value in FREE_MAIL
    return WaitingLine(
        key=value,
        kind={"id": "Account id", "domain": "Domain"}.get(kind, "Person without a domain"),
        events=formats.number(events),
        people=formats.number(people),
        first=times.moment(first, zone),
        last=times.moment(last, zone),
        hint=hint_of(kind, free),
        new_url="" if free else prefilled(new_url, kind, value),
    )


def hint_of(kind: str, free: bool) -> str:
    """What to know about a key that no account can be made of."""
    if free:
        return "A mail provider, not a company: send the account’s id with such events."
    return "" if kind in ("id", "domain") else "Send an account’s id or an e-mail address with such events."


def prefilled(new_url: str, kind: str, value: str) -> str:
    """The form for a new account with what is known; nothing for keys that name none."""
    if kind == "domain":
        return f"{new_url}?{urlencode({'domains': value, 'name': name_of(value)})}"
    if kind == "id":
        return f"{new_url}?{urlencode({'external_id': value, 'name': value})}"
    return ""


def name_of(domain: str) -> str:
    """A first guess of a company's name: "new-co.example" → "New Co"."""
    return domain.partition(".")[0].replace("-", " ").title()
