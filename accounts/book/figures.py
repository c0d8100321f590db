"""The key figures of a view, kept in the cache until the book changes.

They need every row of the view, the page itself needs 50: computed anew they
would cost more than the rest of the page as soon as there are some thousands.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import structlog
from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import RedisError

from accounts.book.filters import BookFilter
from csworkspace.tenancy.database import current_workspace_id

log = structlog.get_logger(__name__)
RENEWING_DAYS = 90
# Only bounds how long a change that could not be told to the cache stays unseen.
KEEP_SECONDS = 300
FIGURES = """
select currency, count(*), (sum(arr) filter (where arr > 0))::text,
    count(*) filter (where renewal_on between %s and %s), count(*) filter (where attention > 0)
from accounts_bookrow where {where} group by currency order by currency
"""


@dataclass(frozen=True)
class Figures:
    """Of the rows in one currency: how many, their ARR, how many renew soon or need attention."""

    currency: str
    accounts: int
    arr: Decimal | None
    renewing: int
    attention: int


def read_figures(view: BookFilter, today: date, workspace_id: int) -> list[Figures]:
    """The figures of a view for each currency; at most one query, and one look into the cache.

    A segment looks at more than the book's rows, whose changes renew what is kept: it is counted anew.
    """
    if view.segment:
        return figures_of(compute(view, today))
    generation, key = generation_key(workspace_id), cache_key(view, today, workspace_id)
    found = look_up(generation, key)
    present = None if found is None else found.get(generation, 0)
    kept = (found or {}).get(key)
    if kept is not None and kept[0] == present:
        rows = kept[1]
    else:
        rows = compute(view, today)
        if found is not None:
            keep(key, (present, rows))
    return figures_of(rows)


def figures_of(rows: list[list[Any]]) -> list[Figures]:
    """Rows of `compute` as figures."""
    return [
        Figures(code, n, Decimal(arr) if arr else None, soon, attention)
        for code, n, arr, soon, attention in rows
    ]


def compute(view: BookFilter, today: date) -> list[list[Any]]:
    """The figures from the rows themselves."""
    where, values = view.where()
    with connection.cursor() as cursor:
        cursor.execute(FIGURES.format(where=where), [today, today + timedelta(days=RENEWING_DAYS), *values])
        return [list(row) for row in cursor.fetchall()]


def forget_figures() -> None:
    """Say that the open workspace's book changes: now, and again once that is committed.

    The second time covers who has read between the two.
    """
    workspace_id = current_workspace_id()
    renew(workspace_id)
    transaction.on_commit(partial(renew, workspace_id))


def renew(workspace_id: int) -> None:
    """Begin a new generation of kept figures."""
    try:
        cache.set(generation_key(workspace_id), time.time_ns(), timeout=None)
    except RedisError:
        log.warning("cache not reachable", workspace=workspace_id, exc_info=True)


def generation_key(workspace_id: int) -> str:
    """Where the number of a workspace's present generation is kept."""
    return f"book:{workspace_id}:generation"


def cache_key(view: BookFilter, today: date, workspace_id: int) -> str:
    """Where a view's figures are kept, with the generation they belong to."""
    text = json.dumps([*view.where(), today], default=str)
    return f"book:{workspace_id}:{hashlib.sha256(text.encode()).hexdigest()}"


def look_up(*keys: str) -> dict[str, Any] | None:
    """What the cache has of these; None when it cannot be reached."""
    try:
        return dict(cache.get_many(keys))
    except RedisError:
        return None


def keep(key: str, content: tuple[Any, list[list[Any]]]) -> None:
    """Keep figures with their generation for a while."""
    try:
        cache.set(key, content, timeout=KEEP_SECONDS)
    except RedisError:
        log.warning("cache not reachable", exc_info=True)
