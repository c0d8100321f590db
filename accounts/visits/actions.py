"""Noting that a customer looked into the portal."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.tenancy.clock import day_in
from csworkspace.tenancy.models import Workspace

# One statement for each page: it also tells whether the visitor has been here on this day before.
NOTE = """
with earlier as (
    select from accounts_portalvisit
    where account_id = %(account)s and day = %(day)s and visitor = %(visitor)s limit 1
), noted as (
    insert into accounts_portalvisit as visit
        (account_id, visitor, visitor_name, page, day, views, first_at, last_at)
    values (%(account)s, %(visitor)s, %(name)s, %(page)s, %(day)s, 1, %(now)s, %(now)s)
    on conflict (workspace_id, account_id, day, visitor, page)
    do update set views = visit.views + 1, last_at = excluded.last_at, visitor_name = excluded.visitor_name
    returning 1
)
select not exists (select from earlier) from noted
"""


@dataclass(frozen=True)
class Visitor:
    """Who looked: "member 12" or "link 7", and how they are called."""

    key: str
    name: str


@transaction.atomic(savepoint=False)
def note_visit(account_id: int, visitor: Visitor, page: str, *, by: Actor, workspace: Workspace) -> bool:
    """Count a look at a page of the portal; whether it is this visitor's first of the day.

    Only the first is announced.
    """
    now = timezone.now()
    values: dict[str, Any] = {
        "account": account_id,
        "visitor": visitor.key[:40],
        "name": visitor.name[:160],
        "page": page[:80],
        "day": day_in(workspace, now),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)
        is_first = bool(cursor.fetchone()[0])
    if is_first:
        announce("visits.changed", by=by, account_ids=[account_id])
    return is_first
