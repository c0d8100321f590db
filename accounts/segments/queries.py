"""Reads about segments: the list, one segment's members and how it changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.book.models import SavedView
from accounts.segments.models import Segment
from accounts.segments.uses import Use

RECENT_DAYS = 28
CHART_DAYS = 180
MOVED = """
select segment.id,
    (select count(*) from accounts_segmentstay stay where stay.segment_id = segment.id
        and stay.entered_at >= %(since)s and stay.entered_at > segment.created_at),
    (select count(*) from accounts_segmentstay stay where stay.segment_id = segment.id
        and stay.left_at >= %(since)s)
from accounts_segment segment where segment.id = any(%(ids)s)
"""
# What happened before the first day is put on it.
BY_DAY = """
select greatest(day, %(since)s) as day, sum(change)::int from (
    select (entered_at at time zone %(zone)s)::date as day, 1 as change
    from accounts_segmentstay where segment_id = %(segment)s
    union all
    select (left_at at time zone %(zone)s)::date, -1
    from accounts_segmentstay where segment_id = %(segment)s and left_at is not null
) moves group by 1 order by 1
"""
MOVEMENTS = """
select account.id, account.name, moves.entered, moves.at from (
    (select account_id, true as entered, entered_at as at from accounts_segmentstay
     where segment_id = %(segment)s and entered_at > %(begun)s
     order by entered_at desc, account_id limit %(limit)s)
    union all
    (select account_id, false, left_at from accounts_segmentstay
     where segment_id = %(segment)s and left_at is not null
     order by left_at desc, account_id limit %(limit)s)
) moves join accounts_account account on account.id = moves.account_id
order by moves.at desc, account.name, account.id limit %(limit)s
"""


@dataclass(frozen=True)
class Movement:
    """An account that entered a segment, or left it."""

    account_id: int
    account: str
    entered: bool
    at: datetime


def segments() -> QuerySet[Segment]:
    """All segments by name."""
    return Segment.objects.order_by("name", "pk")


def moved_lately(segment_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many entered and left in the last 28 days, by segment; one query. The first filling is no entry."""
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"since": since, "ids": list(segment_ids)})
        return {pk: (entered, left) for pk, entered, left in cursor.fetchall()}


def size_by_day(segment: Segment, today: date, zone: str) -> list[tuple[date, int]]:
    """How many were in it at the end of each day, at most 180 days back; one query."""
    since = today - timedelta(days=CHART_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY, {"segment": segment.pk, "since": since, "zone": zone})
        changes = dict(cursor.fetchall())
    if not changes:
        return []
    size, points = 0, []
    first = min(changes)
    for day in (first + timedelta(days=number) for number in range((today - first).days + 1)):
        size += changes.get(day, 0)
        points.append((day, size))
    return points


def movements(segment: Segment, limit: int) -> list[Movement]:
    """Who entered and left last; one query."""
    with connection.cursor() as cursor:
        cursor.execute(MOVEMENTS, {"segment": segment.pk, "begun": segment.created_at, "limit": limit})
        return [Movement(*row) for row in cursor.fetchall()]


def saved_view_uses(segment_ids: Sequence[int]) -> dict[int, list[Use]]:
    """The saved views of the book that show a segment; they can do without. One query."""
    wanted, found = set(segment_ids), dict[int, list[Use]]()
    views = SavedView.objects.filter(query__contains="segment=").order_by("name", "pk")
    for name, query, owner, is_shared in views.values_list("name", "query", "owner_id", "is_shared"):
        match = re.search(r"(?:^|&)segment=(\d{1,18})(?:&|$)", query)
        if match and int(match[1]) in wanted:
            label, private_to = f"the view “{name}” of the book", None if is_shared else owner
            use = Use(label, "book", query=f"?{query}", needs_it=False, private_to=private_to)
            found.setdefault(int(match[1]), []).append(use)
    return found


def segment_choices() -> list[tuple[str, str]]:
    """Every segment as (id, name), for filters; one query."""
    rows: Any = Segment.objects.order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]
