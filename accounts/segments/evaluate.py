"""From a definition to one SQL condition over `accounts_bookrow row`, and what it finds.

A definition that names something which is gone matches nobody: the condition is `false`.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.segments.definition import BadDefinition, Complaint, Definition, Group, read_definition
from accounts.segments.known import Known
from accounts.segments.models import Segment
from accounts.segments.registry import Sql

NOBODY: Sql = ("false", [])
JOINS = {"all": " and ", "any": " or "}
EXAMPLES = 5
COUNT = """
select count(*), coalesce(sum(row.arr_sort) filter (where row.arr_sort >= 0), 0),
    count(*) filter (where row.arr >= 0 and row.arr_sort < 0)
from accounts_bookrow row where {where}
"""
SAMPLE = """
select row.account_id, row.name, row.arr, row.currency from accounts_bookrow row
where {where} order by row.arr_sort desc, row.account_id limit %s
"""


@dataclass(frozen=True)
class Count:
    """How many accounts, their ARR in the workspace's currency, and how many could not be converted."""

    accounts: int
    arr: Decimal
    without_rate: int


@dataclass(frozen=True)
class Example:
    """One of the accounts, the largest first."""

    account_id: int
    name: str
    arr: Decimal
    currency: str


def where_of(definition: Definition, known: Known) -> Sql:
    """The condition and its values, in brackets; NOBODY if something that it names is gone."""
    if known.problems(definition):
        return NOBODY
    parts = [_group_sql(group, known) for group in definition.groups]
    return _joined(parts, definition.match)


def _group_sql(group: Group, known: Known) -> Sql:
    parts = []
    for condition in group.conditions:
        criterion, _, asked = known.asked(condition)
        parts.append(criterion.compile(asked))
    return _joined(parts, group.match)


def _joined(parts: Sequence[Sql], match: str) -> Sql:
    text = JOINS[match].join(part for part, _ in parts)
    return f"({text})", [value for _, values in parts for value in values]


def prepare(segments: Sequence[Segment], known: Known) -> None:
    """Look up together what many segments need."""
    definitions = []
    for segment in segments:
        with suppress(BadDefinition):
            definitions.append(read_definition(segment.definition))
    known.prepare(definitions)


def read_segment(segment: Segment, known: Known) -> tuple[Definition | None, list[Complaint]]:
    """A stored definition and what is wrong with it now; None if it cannot even be read."""
    try:
        definition = read_definition(segment.definition)
    except BadDefinition as error:
        return None, error.complaints
    return definition, known.problems(definition)


def condition_of(segment_id: int, known: Known | None = None) -> Sql:
    """A segment as a condition over `accounts_bookrow row`; NOBODY if it is gone or broken."""
    segment = Segment.objects.filter(pk=segment_id).first()
    if segment is None:
        return NOBODY
    known = known or Known()
    definition, complaints = read_segment(segment, known)
    return NOBODY if definition is None or complaints else where_of(definition, known)


def renamed(where: Sql, table: str) -> Sql:
    """The condition for a statement that calls the book's row otherwise, such as "accounts_bookrow"."""
    return re.sub(r"\brow\.", f"{table}.", where[0]), where[1]


def accounts_in(segment_id: int, known: Known | None = None) -> RawSQL:
    """The ids of a segment's accounts, for `account_id__in=` in querysets."""
    where, values = condition_of(segment_id, known)
    return RawSQL(f"select row.account_id from accounts_bookrow row where {where}", values)


def count_of(where: Sql) -> Count:
    """Count and sum up what a condition finds; one query."""
    accounts, cents, without_rate = _fetch(COUNT, where, [])[0]
    return Count(accounts, Decimal(cents) / 100, without_rate)


def examples_of(where: Sql, limit: int = EXAMPLES) -> list[Example]:
    """The largest accounts that a condition finds; one query."""
    return [Example(*row) for row in _fetch(SAMPLE, where, [limit])]


def _fetch(statement: str, where: Sql, more: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(where=where[0]), [*where[1], *more])
        return list(cursor.fetchall())
