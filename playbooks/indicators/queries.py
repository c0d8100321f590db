"""How indicators came out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from playbooks.indicators.models import Indicator, Reading

COUNTS = """
select indicator_id, count(*), count(*) filter (where holds),
    count(*) filter (where holds is null and not detail ? 'outside')
from playbooks_reading where superseded_at is null group by indicator_id
"""
HELD_ON = """
select day.day, count(reading.id) from unnest(%(days)s::date[]) as day (day)
left join playbooks_reading reading on reading.indicator_id = %(indicator)s and reading.holds
    and reading.day <= day.day
    and (reading.superseded_at is null or (reading.superseded_at at time zone %(zone)s)::date > day.day)
group by day.day order by day.day
"""


@dataclass(frozen=True)
class Count:
    """Accounts with a current reading, those where it holds, and those without data."""

    accounts: int
    held: int
    no_data: int


def indicators() -> QuerySet[Indicator]:
    """All, by name."""
    return Indicator.objects.order_by("name", "pk")


def active_indicators() -> QuerySet[Indicator]:
    """The indicators that are evaluated, by name."""
    return Indicator.objects.filter(is_active=True, retired_at=None).order_by("name", "pk")


def current_readings(account_ids: Iterable[int]) -> dict[tuple[int, int], Reading]:
    """The present readings, by (account id, indicator id); one query."""
    rows = Reading.objects.filter(account_id__in=account_ids, superseded_at=None)
    return {(row.account_id, row.indicator_id): row for row in rows}


def counts() -> dict[int, Count]:
    """By indicator id; one query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return {pk: Count(*figures) for pk, *figures in cursor.fetchall()}


def holding(indicator_id: int, limit: int) -> list[Reading]:
    """Where it holds now, with the accounts, the newest stretch first; one query."""
    rows = Reading.objects.filter(indicator_id=indicator_id, superseded_at=None, holds=True)
    return list(rows.select_related("account").order_by("-held_since", "account__name", "pk")[:limit])


def held_on(indicator_id: int, days: Sequence[date], zone: str) -> list[tuple[date, int]]:
    """On how many accounts it held at the end of each of these days; one query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_ON, {"indicator": indicator_id, "days": list(days), "zone": zone})
        return list(cursor.fetchall())


def readings_of(indicator_id: int, account_id: int, limit: int) -> list[Reading]:
    """The history of one indicator on one account, the newest first; one query."""
    rows = Reading.objects.filter(indicator_id=indicator_id, account_id=account_id)
    return list(rows.order_by("-id")[:limit])
