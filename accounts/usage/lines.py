"""Single events as pages print them, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from accounts.usage.features import matching
from csworkspace.web import formats, times

PAGE = 100
# Events are found by the account's index, newest first; a person's name is the contact's if there is one.
EVENTS = """
select event.id, event.occurred_at, event.received_at, event.user_key, event.user_name, event.feature,
    event.quantity, event.batch_id, batch.source, contact.name
from accounts_event event
left join accounts_batch batch on batch.id = event.batch_id
left join accounts_contactidentity identity on identity.value = event.user_key
left join accounts_contact contact on contact.id = identity.contact_id
where event.account_id = %(account)s and event.occurred_at >= %(since)s and event.occurred_at < %(until)s
    and (event.occurred_at, event.id) < (%(before)s, %(before_id)s){filter}
order by event.occurred_at desc, event.id desc limit %(limit)s
"""
LAST = 2**63 - 1


class Place(NamedTuple):
    """The event after which a page goes on."""

    occurred_at: datetime
    pk: int


@dataclass(frozen=True)
class EventLine:
    """One event, ready to print; `contact` says that the person is a known contact."""

    when: str
    who: str
    email: str
    contact: bool
    feature: str
    quantity: str
    received: str
    source: str
    source_url: str


@dataclass(frozen=True)
class EventPage:
    """Some events, newest first, and where the next page begins ("" at the end)."""

    lines: list[EventLine]
    next_place: str


def read_place(text: str) -> Place | None:
    """A place as `write_place` wrote it; None for anything else."""
    moment, _, pk = text.rpartition("_")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19) or len(moment) > 40:
        return None
    try:
        at = datetime.fromisoformat(moment)
        return Place(at.astimezone(UTC), int(pk)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def write_place(place: Place) -> str:
    """A place for an address: "2026-11-21T10:00:00Z_42"."""
    return f"{place.occurred_at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}_{place.pk}"


def read_events(
    account_id: int,
    features: Sequence[str],
    start: datetime,
    end: datetime,
    *,
    zone: str,
    sources: str,
    after: Place | None = None,
    limit: int = PAGE,
) -> EventPage:
    """Events of an account in [start, end), newest first; one query. `sources` is the batches' address."""
    feature_filter, values = matching(features, "event.feature")
    begin = after or Place(end + timedelta(seconds=1), LAST)
    bound: dict[str, Any] = {"before": begin.occurred_at, "before_id": begin.pk, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(
            EVENTS.format(filter=feature_filter),
            {"account": account_id, "since": start, "until": end, **bound, **values},
        )
        rows = cursor.fetchall()
    more = len(rows) > limit
    return EventPage(
        [_line(row, zone, sources) for row in rows[:limit]],
        write_place(Place(rows[limit - 1][1], rows[limit - 1][0])) if more else "",
    )


def _line(row: tuple[Any, ...], zone: str, sources: str) -> EventLine:
    _, occurred_at, received_at, user_key, user_name, feature, quantity, batch_id, source, contact = row
    name = contact or user_name
    return EventLine(
        when=times.moment(occurred_at, zone),
        who=name or user_key,
        email=user_key if name else "",
        contact=contact is not None,
        feature=feature,
        quantity=formats.number(Decimal(quantity)),
        received=times.moment(received_at, zone),
        source=source or "",
        source_url=f"{sources}{batch_id}/" if source is not None else "",
    )
