"""Keeping the book of business up to date: every account has exactly one row in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import Json, execute_values

from accounts.book.figures import forget_figures
from accounts.book.models import LONG_AGO, NEVER, BookRow, PlanStatus
from accounts.book.text import fold_sql

# lower(), then without accents, as accounts.book.text.fold does for what people type.
NAME = fold_sql("account.name")
EXTERNAL_ID = fold_sql("coalesce(account.external_id, '')")
# What the column holds at most.
MOST_SIGNALS = 32_767
# Waits for whoever changes one of them now; the next statement then sees what they wrote.
HOLD = """
select count(*) from (select id from accounts_account
    where %(ids)s::bigint[] is null or id = any(%(ids)s::bigint[]) order by id for share) held
"""
REBUILD = f"""
insert into accounts_bookrow as row (account_id, name, name_sort, search, owner_id, tier_id, stage,
    arr, arr_sort, currency, renewal_on, headline, headline_sort, headline_before, tags,
    last_active_on, level, plan_status, attention, reasons, next_owed_on, services_late, attainment)
select account.id, account.name, left({NAME}, 200),
    {NAME} || E'\\n' || coalesce(domains.text, '') || E'\\n' || {EXTERNAL_ID},
    account.owner_id, account.tier_id, account.stage,
    coalesce(account.arr, -1), least(coalesce(round(account.arr * 100
        * case when account.currency = workspace.currency then 1 else rate.rate end), -1),
        9223372036854775807)::bigint,
    account.currency,
    coalesce(account.renewal_on, %(never)s),
    coalesce(state.value, -1), coalesce(state.value, -1)::double precision, coalesce(state.previous, -1),
    account.tags, %(long_ago)s, -1, %(no_plan)s, 0, '[]', %(never)s, 0, -1
from accounts_account account
join csworkspace_workspace workspace on workspace.id = account.workspace_id
left join (select distinct on (into_currency, currency) into_currency, currency, rate
           from accounts_currencyrate
           where since <= (select (now() at time zone timezone)::date from csworkspace_workspace)
           order by into_currency, currency, since desc) rate
    on rate.currency = account.currency and rate.into_currency = workspace.currency
left join (select account_id, string_agg(domain, ' ' order by is_main desc, domain) as text
           from accounts_accountdomain
           where %(ids)s::bigint[] is null or account_id = any(%(ids)s::bigint[])
           group by account_id) domains on domains.account_id = account.id
left join accounts_metric metric on metric.is_headline
left join accounts_metricstate state on state.account_id = account.id and state.metric_id = metric.id
where %(ids)s::bigint[] is null or account.id = any(%(ids)s::bigint[])
order by account.id
on conflict (workspace_id, account_id) do update set
    name = excluded.name, name_sort = excluded.name_sort, search = excluded.search,
    owner_id = excluded.owner_id, tier_id = excluded.tier_id, stage = excluded.stage,
    arr = excluded.arr, arr_sort = excluded.arr_sort, currency = excluded.currency,
    renewal_on = excluded.renewal_on, headline = excluded.headline,
    headline_sort = excluded.headline_sort, headline_before = excluded.headline_before, tags = excluded.tags
where (row.name, row.name_sort, row.search, row.owner_id, row.tier_id, row.stage, row.arr, row.arr_sort,
       row.currency, row.renewal_on, row.headline, row.headline_before, row.tags)
    is distinct from (excluded.name, excluded.name_sort, excluded.search, excluded.owner_id,
       excluded.tier_id, excluded.stage, excluded.arr, excluded.arr_sort, excluded.currency,
       excluded.renewal_on, excluded.headline, excluded.headline_before, excluded.tags)
"""
ACTIVITY = """
update accounts_bookrow row set last_active_on = fresh.day
from (values %s) as fresh (account_id, day)
where row.account_id = fresh.account_id and row.last_active_on < fresh.day
"""
STANDING = """
update accounts_bookrow row set level = fresh.level, plan_status = fresh.plan_status,
    attention = fresh.attention, reasons = fresh.reasons
from (values %s) as fresh (account_id, level, plan_status, attention, reasons)
where row.account_id = fresh.account_id
    and (row.level, row.plan_status, row.attention, row.reasons)
        is distinct from (fresh.level, fresh.plan_status, fresh.attention, fresh.reasons)
"""
SERVICE = """
update accounts_bookrow row set next_owed_on = fresh.next_owed_on, services_late = fresh.services_late,
    attainment = fresh.attainment
from (values %s) as fresh (account_id, next_owed_on, services_late, attainment)
where row.account_id = fresh.account_id
    and (row.next_owed_on, row.services_late, row.attainment)
        is distinct from (fresh.next_owed_on, fresh.services_late, fresh.attainment)
"""
SIGNALS = """
update accounts_bookrow row set signals = fresh.signals, signal_severity = fresh.severity
from (values %s) as fresh (account_id, signals, severity)
where row.account_id = fresh.account_id
    and (row.signals, row.signal_severity) is distinct from (fresh.signals, fresh.severity)
"""
SCORES = """
update accounts_bookrow row set score = fresh.score
from (values %s) as fresh (account_id, score)
where row.account_id = fresh.account_id and row.score is distinct from fresh.score
"""


@dataclass(frozen=True)
class Standing:
    """How an account stands: what the floor above knows of it.

    level: position in the framework, -1 when not assessed. attention: 0 (fine) to
    100 (today). reasons: {"text": "…", "weight": int}, the heaviest first.
    """

    account_id: int
    level: int = -1
    plan_status: str = PlanStatus.NONE
    attention: int = 0
    reasons: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class ServiceStanding:
    """What is owed to an account next, how much is late, and the percent kept (-1: nothing was due)."""

    account_id: int
    next_owed_on: date = NEVER
    services_late: int = 0
    attainment: int = -1


@dataclass(frozen=True)
class SignalStanding:
    """How many signals of an account are not resolved, and the severity of the worst (0: there is none)."""

    account_id: int
    signals: int = 0
    severity: int = 0


@transaction.atomic
def refresh_book(account_ids: Iterable[int] | None = None) -> int:
    """Rebuild the columns that come from accounts and metric states; None: all accounts.

    Makes the rows that are missing. The number of rows that were new or changed.
    """
    ids = None if account_ids is None else sorted(set(account_ids))
    values = {"ids": ids, "never": NEVER, "long_ago": LONG_AGO, "no_plan": PlanStatus.NONE.value}
    with connection.cursor() as cursor:
        cursor.execute(HOLD, values)
        cursor.execute(REBUILD, values)
        changed = int(cursor.rowcount)
    if changed:
        forget_figures()
    return changed


@transaction.atomic
def note_activity(days: Mapping[int, date]) -> int:
    """Raise `last_active_on` of accounts (by id) to these days; earlier days change nothing."""
    rows = [(account_id, day) for account_id, day in sorted(days.items())]
    return _update(ACTIVITY, rows, "(%s::bigint, %s::date)")


@transaction.atomic
def set_standing(rows: Sequence[Standing]) -> int:
    """Write levels, plan standing, attention and its reasons; the number of rows that changed.

    Raises ValueError when attention is not within 0 to 100.
    """
    for row in rows:
        if not 0 <= row.attention <= 100:
            raise ValueError(f"attention of account {row.account_id} is {row.attention}, not within 0 to 100")
    values = [
        (row.account_id, row.level, str(row.plan_status), row.attention, Json(row.reasons))
        for row in sorted(rows, key=lambda row: row.account_id)
    ]
    return _update(STANDING, values, "(%s::bigint, %s::smallint, %s::text, %s::smallint, %s::jsonb)")


@transaction.atomic
def set_service_standing(rows: Sequence[ServiceStanding]) -> int:
    """Write what the floor above knows of services owed; the number of rows that changed."""
    values = [
        (row.account_id, row.next_owed_on, row.services_late, row.attainment)
        for row in sorted(rows, key=lambda row: row.account_id)
    ]
    return _update(SERVICE, values, "(%s::bigint, %s::date, %s::smallint, %s::smallint)")


def hold_rows(account_ids: Iterable[int]) -> None:
    """Hold the rows of these accounts until the transaction ends, in order."""
    rows = BookRow.objects.filter(account_id__in=set(account_ids)).order_by("account_id")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


@transaction.atomic
def set_signal_standing(rows: Sequence[SignalStanding]) -> int:
    """Write what the floor above knows of signals; the number of rows that changed."""
    values = [
        (row.account_id, min(row.signals, MOST_SIGNALS), row.severity)
        for row in sorted(rows, key=lambda row: row.account_id)
    ]
    return _update(SIGNALS, values, "(%s::bigint, %s::smallint, %s::smallint)")


@transaction.atomic
def set_scores(scores: Mapping[int, int]) -> int:
    """Write value scores in whole points, -1 for none, by account; the number of rows that changed."""
    return _update(SCORES, sorted(scores.items()), "(%s::bigint, %s::smallint)")


def _update(sql: str, rows: Sequence[tuple[Any, ...]], template: str) -> int:
    """Run one `values` statement; one page, so that rowcount counts all of it."""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        _ensure_rows(cursor, [row[0] for row in rows])
        execute_values(cursor.cursor, sql, rows, template=template, page_size=len(rows))
        changed = int(cursor.rowcount)
    if changed:
        forget_figures()
    return changed


def _ensure_rows(cursor: Any, account_ids: list[int]) -> None:
    """Make the rows of accounts that were created without the action (COPY, fixtures)."""
    cursor.execute(
        "select id from accounts_account where id = any(%s) and not exists "
        "(select from accounts_bookrow row where row.account_id = accounts_account.id)",
        [account_ids],
    )
    missing = [pk for (pk,) in cursor.fetchall()]
    if missing:
        refresh_book(missing)
