"""Reading usage. Every query names its time range, so that only its months are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.usage.features import matching as matching
from csworkspace.tenancy import clock

FEATURE_USE = """
select account_id, count(*), (min(occurred_at) at time zone %(zone)s)::date,
    (max(occurred_at) at time zone %(zone)s)::date
from accounts_event
where account_id = any(%(accounts)s) and occurred_at >= %(since)s and occurred_at < %(until)s{filter}
group by account_id
"""


@dataclass(frozen=True)
class FeatureUse:
    """How often some features were used, and the first and last day (in the workspace's time zone)."""

    count: int
    first_on: date
    last_on: date


def bounds(since: date, until: date, zone: str) -> tuple[datetime, datetime]:
    """The moments (UTC) when the first of these days begins and the last one ends."""
    local = ZoneInfo(zone)
    begin = datetime.combine(since, time(), local)
    end = datetime.combine(until + timedelta(days=1), time(), local)
    return begin.astimezone(UTC), end.astimezone(UTC)


def local_day(moment: datetime, zone: str) -> date:
    """The day a moment falls on in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def feature_use(
    account_ids: Sequence[int], features: Sequence[str], since: date, until: date
) -> dict[int, FeatureUse]:
    """How these accounts used these features from `since` to `until`, both included.

    features: exact names or prefixes ending in ".*"; none means all. Accounts without
    such an event are left out.
    """
    zone = clock.zone()
    start, end = bounds(since, until, zone)
    feature_filter, values = matching(features)
    with connection.cursor() as cursor:
        cursor.execute(
            FEATURE_USE.format(filter=feature_filter),
            {"accounts": list(account_ids), "since": start, "until": end, "zone": zone, **values},
        )
        return {pk: FeatureUse(*figures) for pk, *figures in cursor.fetchall()}
