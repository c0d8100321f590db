"""What the pages about sources show, ready to print."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.usage.queries import local_day
from csworkspace.web import formats, times

WAITING_SHOWN = 100

WAITING = """
select account_key, count(*), count(distinct user_key), min(occurred_at), max(occurred_at)
from accounts_event where account_id is null group by account_key order by 2 desc, 1 limit %s
"""
WAITING_TOTAL = "select count(*), count(distinct account_key) from accounts_event where account_id is null"
SOURCES = """
select source, max(actor), count(*), sum(read), sum(accepted), sum(duplicates), sum(rejected), max(id),
    max(started_at), coalesce((array_agg(error order by id desc))[1], '')
from (
    select * from accounts_batch where kind = 'events' and not is_dry_run
    order by id desc limit %(batches)s
) latest
group by source order by 8 desc limit %(limit)s
"""


@dataclass(frozen=True)
class Waiting:
    """Events that wait for one account: what they say of it, and how many."""

    label: str
    said: str
    domain: str
    external_id: str
    events: str
    people: str
    span: str


def fetch(sql: str, values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def waiting_total() -> tuple[int, int]:
    """How many events wait for their account, and for how many accounts."""
    events, keys = fetch(WAITING_TOTAL, None)[0]
    return int(events), int(keys)


def waiting_rows(zone: str) -> list[Waiting]:
    """What waits, most events first."""
    return [_waiting(*row, zone) for row in fetch(WAITING, [WAITING_SHOWN])]


def _waiting(key: str, events: int, people: int, first: Any, last: Any, zone: str) -> Waiting:
    kind, _, value = key.partition(":")
    said = {"id": "account id", "domain": "e-mail domain"}.get(kind, "person without an account")
    return Waiting(
        label=value,
        said=said,
        domain=value if kind == "domain" else "",
        external_id=value if kind == "id" else "",
        events=formats.number(events),
        people=formats.number(people),
        span=times.day_range(local_day(first, zone), local_day(last, zone)),
    )


def source_rows(zone: str) -> list[dict[str, Any]]:
    """Where events came from: the latest deliveries, by source."""
    found = fetch(SOURCES, {"batches": 2_000, "limit": 50})
    return [
        {
            "source": source,
            "by": actor,
            "deliveries": formats.number(count),
            "read": formats.number(read),
            "accepted": formats.number(accepted),
            "duplicates": formats.number(duplicates),
            "rejected": formats.number(rejected),
            "latest": pk,
            "when": times.moment(started, zone),
            "error": error,
        }
        for source, actor, count, read, accepted, duplicates, rejected, pk, started, error in found
    ]
