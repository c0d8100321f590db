"""The page of the book: one keyset query for the rows, one for the names around them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.book.cursor import Place
from accounts.book.filters import SORTS, BookFilter

PAGE = 50
COLUMNS = (
    "account_id, name, owner_id, tier_id, stage, arr, currency, renewal_on, last_active_on, "
    "headline, headline_before, level, plan_status, attention, "
    "reasons->0->>'text', jsonb_array_length(reasons), tags, next_owed_on, services_late, attainment, "
    "signals, signal_severity, score"
)
VIEWS = 100
SURROUNDINGS = """
select
    (select json_agg(json_build_array(id, name) order by position) from accounts_tier
     where retired_at is null),
    (select json_agg(json_build_array(id, name) order by name) from accounts_segment),
    (select json_agg(json_build_array(member.id, coalesce(nullif(person.name, ''), person.email),
                                      member.is_active) order by person.name, person.email)
     from csworkspace_membership member join csworkspace_user person on person.id = member.user_id
     where member.role <> 'viewer'),
    (select json_build_array(name, unit) from accounts_metric where is_headline),
    (select json_agg(json_build_array(id, name, query, columns, is_shared, owner_id, version)
                     order by owner_id <> %(me)s, lower(name), id)
     from (select * from accounts_savedview where is_shared or owner_id = %(me)s
           order by owner_id <> %(me)s, id limit %(views)s) view)
"""


@dataclass(frozen=True)
class Page:
    """Raw rows in display order, and whether there are more on either side."""

    rows: list[tuple[Any, ...]]
    seen: int
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class ViewLink:
    """A saved view as the book lists it: `query` is its address without the columns."""

    pk: int
    name: str
    query: str
    columns: list[str]
    is_shared: bool
    owner_id: int
    version: int


@dataclass(frozen=True)
class Surroundings:
    """Names for the rows' ids and for the filters: tiers, colleagues, the headline metric's (name, unit).

    views: the reader's own saved views, then those that others share.
    """

    tiers: dict[int, str]
    segments: dict[int, str]
    team: dict[int, str]
    former: dict[int, str]
    headline: tuple[str, str] | None
    views: list[ViewLink] = field(default_factory=list)


def read_page(view: BookFilter, place: Place | None, size: int = PAGE) -> Page:
    """Up to `size` rows from a place on, in the view's order; one query.

    The columns are COLUMNS, then the sort's own value.
    """
    rows = fetch(page_sql(view, place), size + 1)
    more = len(rows) > size
    rows = rows[:size]
    if place is None:
        return Page(rows, 0, False, more)
    if place.back:
        return Page(rows[::-1], max(0, place.seen - len(rows)), more, True)
    return Page(rows, place.seen, True, more)


def page_sql(view: BookFilter, place: Place | None) -> tuple[str, list[Any]]:
    """The statement, without its limit, and its values.

    Sort column and account run in one direction, so that a row comparison is an
    index condition and the index is read forwards or backwards.
    """
    sort = SORTS[view.sort]
    where, values = view.where()
    descending = view.descending != bool(place and place.back)
    if place is not None:
        where += f" and ({sort.column}, account_id) {'<' if descending else '>'} (%s::{sort.type}, %s)"
        values += [place.value, place.account_id]
    direction = "desc" if descending else "asc"
    order = f"{sort.column} {direction}, account_id {direction}"
    return f"select {COLUMNS}, {sort.column} from accounts_bookrow where {where} order by {order}", values


def fetch(statement: tuple[str, list[Any]], limit: int) -> list[tuple[Any, ...]]:
    """Run a statement of `page_sql` for so many rows."""
    sql, values = statement
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} limit %s", [*values, limit])
        return list(cursor.fetchall())


def read_surroundings(me: int = 0) -> Surroundings:
    """Names for the rows' ids, the choices of the filters, and the views of a membership; one query."""
    with connection.cursor() as cursor:
        cursor.execute(SURROUNDINGS, {"me": me, "views": VIEWS})
        tiers, segments, team, headline, views = cursor.fetchone()
    return Surroundings(
        tiers=dict(tiers or []),
        segments=dict(segments or []),
        team={pk: name for pk, name, active in team or [] if active},
        former={pk: name for pk, name, active in team or [] if not active},
        headline=(headline[0], headline[1]) if headline else None,
        views=[ViewLink(*view) for view in views or []],
    )


def read_row(account_id: int) -> tuple[Any, ...] | None:
    """One account's row, as `read_page` gives them; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {COLUMNS}, account_id from accounts_bookrow where account_id = %s", [account_id]
        )
        return cursor.fetchone()


def ids_of(view: BookFilter) -> list[int]:
    """The accounts that a view's filter lets through, in the order of their ids; one query."""
    where, values = view.where()
    with connection.cursor() as cursor:
        cursor.execute(f"select account_id from accounts_bookrow where {where} order by account_id", values)
        return [pk for (pk,) in cursor.fetchall()]


def all_rows(view: BookFilter, limit: int) -> Sequence[tuple[Any, ...]]:
    """The view's rows from the top, for a download."""
    return fetch(page_sql(view, None), limit)
