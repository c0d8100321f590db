"""Who is in a segment since when: the difference between what fits and who is in, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.segments.models import Segment
from accounts.segments.registry import Sql

# An account that was deleted meanwhile has lost its stays; one that another run let in stays in once.
DIFFERENCE = """
with fits as materialized (
    select row.account_id from accounts_bookrow row where {within} and {where}
), closed as (
    update accounts_segmentstay stay set left_at = %s
    where stay.segment_id = %s and stay.left_at is null and {stays_within}
        and not exists (select from fits where fits.account_id = stay.account_id)
    returning stay.account_id
), opened as (
    insert into accounts_segmentstay (segment_id, account_id, entered_at)
    select %s, fits.account_id, %s from fits
    where not exists (
        select from accounts_segmentstay stay where stay.segment_id = %s and stay.left_at is null
            and stay.account_id = fits.account_id)
    order by fits.account_id
    on conflict (workspace_id, segment_id, account_id) where left_at is null do nothing
    returning account_id
)
select coalesce((select array_agg(account_id order by account_id) from opened), '{{}}'),
    coalesce((select array_agg(account_id order by account_id) from closed), '{{}}')
"""
SIZE = "select count(*) from accounts_segmentstay stay where stay.segment_id = %s and stay.left_at is null"


@dataclass(frozen=True)
class Moved:
    """The accounts that entered and left."""

    entered: list[int]
    left: list[int]


def move(segment: Segment, where: Sql, account_ids: Sequence[int] | None, moment: datetime) -> Moved:
    """Close and open stays of these accounts (None: all), as the condition says; one statement.

    The segment's row must be locked, so that two at once follow each other.
    """
    text, values = where
    ids = [] if account_ids is None else [list(account_ids)]
    statement = DIFFERENCE.format(
        where=text,
        within="true" if account_ids is None else "row.account_id = any(%s)",
        stays_within="true" if account_ids is None else "stay.account_id = any(%s)",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*ids, *values, moment, segment.pk, *ids, segment.pk, moment, segment.pk])
        entered, left = cursor.fetchone()
    return Moved(entered, left)


def size_of(segment: Segment) -> int:
    """How many are in it now, by its open stays."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [segment.pk])
        return int(cursor.fetchone()[0])
