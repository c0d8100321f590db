"""Writing checked events: one chunk, one transaction, each event id once for ever."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from accounts.usage.rows import Fact
from accounts.usage.touching import queue_sql
from csworkspace.tenancy.database import current_workspace_id

# COPY into tables behind the wall is refused, so that rows come in through this one.
INCOMING = """
create temporary table if not exists incoming_event_1 (
    row bigint, event_id varchar(200) collate "C", account_key varchar(262) collate "C",
    user_key varchar(254) collate "C", user_name varchar(200), feature varchar(200) collate "C",
    quantity numeric(18, 6), occurred_at timestamptz, received_at timestamptz, account_id bigint
) on commit delete rows;
delete from incoming_event_1
"""
COPY = "copy incoming_event_1 from stdin"

# Keys in one order, so that two loads of the same events wait for each other and
# never deadlock. A touched day is local to the workspace's time zone.
KEEP = f"""
with fresh as (
    insert into accounts_eventkey (event_id)
    select event_id from incoming_event_1 order by event_id
    on conflict do nothing returning event_id
), kept as (
    insert into accounts_event (batch_id, account_id, account_key, event_id, user_key, user_name,
        feature, quantity, occurred_at, received_at, recorded_at)
    select %(batch)s, account_id, account_key, event_id, user_key, user_name,
        feature, quantity, occurred_at, received_at, statement_timestamp()
    from incoming_event_1 join fresh using (event_id)
    returning event_id, account_id, occurred_at
), touched as ({queue_sql("kept")})
"""
COUNTED = KEEP + "select count(*), count(*) filter (where account_id is null) from kept"
LISTED = KEEP + "select event_id, account_id is null from kept"

# Loads share this lock, whoever assigns waiting events holds it alone: an account that
# appears while a chunk is being written is seen either by the chunk or by the assigning.
LOCK = "select pg_advisory_xact_lock{}(hashtextextended('events of workspace ' || %s, 0))"

# The same for one call, with what else it needs, in one round trip.
BEGIN = """
select nextval(pg_get_serial_sequence('accounts_batch', 'id')), timezone,
    pg_advisory_xact_lock_shared(hashtextextended('events of workspace ' || id, 0))
from csworkspace_workspace
"""

# An explicit account is meant by the company's own id first, then by a domain.
RESOLVE = """
select key, coalesce(by_id.id, by_domain.account_id)
from unnest(%s::text[]) as key
left join accounts_account by_id on key like 'id:%%' and by_id.external_id = substr(key, 4)
left join accounts_accountdomain by_domain on by_id.id is null
    and by_domain.domain = lower(substr(key, strpos(key, ':') + 1)) and key not like 'user:%%'
where coalesce(by_id.id, by_domain.account_id) is not null
"""
_months: set[str] = set()


@dataclass(frozen=True)
class Kept:
    """What became of the checked events of a chunk: numbers of rows."""

    accepted: int = 0
    duplicates: int = 0
    unresolved: int = 0


def lock_accounts_of_events(*, alone: bool) -> None:
    """Wait until nobody else assigns accounts to events (or, alone, until no load is running)."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format("" if alone else "_shared"), [current_workspace_id()])


def resolve_keys(keys: Iterable[str]) -> dict[str, int]:
    """The accounts that these account keys mean; keys of unknown accounts are left out."""
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE, [sorted(set(keys))])
        return dict(cursor.fetchall())


def ensure_months(facts: Iterable[Fact]) -> None:
    """Make the months of these events that are missing; see make_months."""
    make_months({fact.occurred_at[:7] for fact in facts})


def make_months(months: set[str]) -> None:
    """Make these months ("2026-03") of the event table where they are missing.

    Call it before anything else is written in the transaction: it locks whole tables.
    """
    missing = sorted(months - _months)
    if not missing:
        return
    with connection.cursor() as cursor:
        for month in missing:
            first = f"{month}-01"
            cursor.execute("select ensure_event_months(%s, %s)", [first, first])
    transaction.on_commit(partial(_months.update, missing))


def collect_statistics() -> None:
    """Let the planner know the events of all accounts; of months together nobody else collects them."""
    with connection.cursor() as cursor:
        cursor.execute("select collect_event_statistics()")


def write_counted(facts: Sequence[Fact], batch_id: int, zone: str) -> Kept:
    """Keep the events whose ids are new, and count."""
    if not facts:
        return Kept()
    lock_accounts_of_events(alone=False)
    with connection.cursor() as cursor:
        _bring_in(facts)
        cursor.execute(COUNTED, {"batch": batch_id, "zone": zone})
        accepted, unresolved = cursor.fetchone()
    return Kept(accepted, len(facts) - accepted, unresolved)


def begin_listed() -> tuple[int, str]:
    """Join the running loads, and draw a batch's id: the id and the workspace's time zone."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN)
        batch_id, zone, _ = cursor.fetchone()
    return int(batch_id), str(zone)


def write_listed(facts: Sequence[Fact], batch_id: int, zone: str) -> dict[str, bool]:
    """Keep the events whose ids are new: {event id: whether its account is unknown}.

    Follows begin_listed in the same transaction.
    """
    if not facts:
        return {}
    with connection.cursor() as cursor:
        _bring_in(facts)
        cursor.execute(LISTED, {"batch": batch_id, "zone": zone})
        return dict(cursor.fetchall())


def _bring_in(facts: Sequence[Fact]) -> None:
    """Copy events with their accounts into the incoming table; of an id given twice, the first."""
    known = resolve_keys(fact.account_key for fact in facts)
    first = {fact.event_id: fact for fact in reversed(facts)}
    text = io.StringIO("\n".join([_line(fact, known.get(fact.account_key)) for fact in first.values()]))
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        cursor.cursor.copy_expert(COPY, text)


def _line(fact: Fact, account_id: int | None) -> str:
    """A line of COPY's text format; a tenth of what the csv module takes."""
    row, event_id, key, user, name, feature, quantity, occurred_at, received_at = fact
    texts = f"{event_id}\t{key}\t{user}\t{name}\t{feature}"
    if "\\" in texts or "\n" in texts or "\r" in texts or texts.count("\t") != 4:
        texts = "\t".join(map(_escaped, (event_id, key, user, name, feature)))
    account = "\\N" if account_id is None else account_id
    return f"{row}\t{texts}\t{quantity}\t{occurred_at}\t{received_at}\t{account}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
