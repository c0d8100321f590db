"""Counting a metric anew from its events: the same rules as measuring, for one day and few accounts.

The evidence page shows with it what a measured value consists of; the form's preview, what a
definition would give. Each statement names its time range, so that only its months are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.metrics.models import Aggregation, Metric
from accounts.usage.features import matching
from accounts.usage.queries import bounds

SHOWN = 100
MAX_SUM = Decimal(99_999_999_999_999)
# Of several identities of one contact, one person; as in the measuring statement.
PEOPLE = """
select coalesce(contact.name, max(event.user_name)), min(event.user_key), contact.id is not null,
    count(*), sum(event.quantity), null, max(event.occurred_at)
from accounts_event event
left join accounts_contactidentity identity on identity.value = event.user_key
left join accounts_contact contact on contact.id = identity.contact_id
where {where}
group by contact.id, contact.name, case when contact.id is null then event.user_key end
"""
FEATURES = """
select event.feature, '', false, count(*), sum(event.quantity),
    count(distinct coalesce('contact ' || identity.contact_id, event.user_key)), max(event.occurred_at)
from accounts_event event
left join accounts_contactidentity identity on identity.value = event.user_key
where {where} group by event.feature
"""
DAYS = """
select to_char(event.occurred_at at time zone %(zone)s, 'YYYY-MM-DD'), '', false, count(*),
    sum(event.quantity), count(distinct coalesce('contact ' || identity.contact_id, event.user_key)),
    max(event.occurred_at)
from accounts_event event
left join accounts_contactidentity identity on identity.value = event.user_key
where {where} group by 1
"""
GROUPS = {
    Aggregation.USERS: PEOPLE,
    Aggregation.FEATURES: FEATURES,
    Aggregation.COUNT: FEATURES,
    Aggregation.SUM: FEATURES,
    Aggregation.DAYS: DAYS,
}
ORDER = {Aggregation.SUM: "5 desc", Aggregation.DAYS: "1 desc"}
COUNTED = """
select counted.*, count(*) over (), sum(events) over (), sum(quantity) over ()
from ({groups}) as counted (label, detail, is_contact, events, quantity, people, last_at)
order by {order}, 1 limit %(limit)s
"""
WHERE = "event.account_id = %(account)s and event.occurred_at >= %(since)s and event.occurred_at < %(until)s"

VALUES = {
    Aggregation.COUNT: "count(*)",
    Aggregation.SUM: "sum(event.quantity)",
    Aggregation.USERS: "count(distinct coalesce('contact ' || identity.contact_id, event.user_key))",
    Aggregation.FEATURES: "count(distinct event.feature)",
    Aggregation.DAYS: "count(distinct (event.occurred_at at time zone %(zone)s)::date)",
}
VALUE_OF_EACH = """
select event.account_id, {value} from accounts_event event
left join accounts_contactidentity identity on identity.value = event.user_key
where event.account_id = any(%(accounts)s)
    and event.occurred_at >= %(since)s and event.occurred_at < %(until)s{filter}
group by event.account_id
"""


@dataclass(frozen=True)
class Part:
    """One of the things that make up a value: a person, a feature or a day."""

    label: str
    detail: str
    is_contact: bool
    events: int
    quantity: Decimal
    people: int | None
    last_at: datetime


@dataclass(frozen=True)
class Counted:
    """What the events of a window give: the value, and the first SHOWN of what it consists of."""

    value: Decimal
    parts: list[Part]
    parts_total: int
    events: int


def window_of(metric: Metric, day: date) -> tuple[date, date]:
    """The first and the last day whose events count for a day."""
    return day - timedelta(days=metric.window_days - 1), day


def count_parts(metric: Metric, account_id: int, day: date, zone: str) -> Counted:
    """Count a usage metric's window for one account; one query."""
    how = Aggregation(metric.aggregation)
    feature_filter, values = matching(metric.features, "event.feature")
    start, end = bounds(*window_of(metric, day), zone)
    groups = GROUPS[how].format(where=WHERE + feature_filter)
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTED.format(groups=groups, order=ORDER.get(how, "4 desc")),
            {"account": account_id, "since": start, "until": end, "zone": zone, "limit": SHOWN, **values},
        )
        rows = cursor.fetchall()
    if not rows:
        return Counted(Decimal(0), [], 0, 0)
    total, events, quantity = rows[0][7:]
    value = {Aggregation.COUNT: events, Aggregation.SUM: min(quantity, MAX_SUM)}.get(how, total)
    return Counted(Decimal(value), [Part(*row[:7]) for row in rows], total, int(events))


def count_each(
    aggregation: str,
    features: Sequence[str],
    window_days: int,
    account_ids: Sequence[int],
    day: date,
    zone: str,
) -> dict[int, Decimal]:
    """The value of a definition on a day for some accounts; those without events are left out. One query."""
    feature_filter, values = matching(features, "event.feature")
    start, end = bounds(day - timedelta(days=window_days - 1), day, zone)
    sql = VALUE_OF_EACH.format(value=VALUES[Aggregation(aggregation)], filter=feature_filter)
    given: dict[str, Any] = {"accounts": list(account_ids), "since": start, "until": end, "zone": zone}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**given, **values})
        return {pk: min(Decimal(value), MAX_SUM) for pk, value in cursor.fetchall()}
