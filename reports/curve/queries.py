"""Reading a day's curve from rows that say what changed, and what stands around it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import Q

from accounts.accounts.models import Stage
from playbooks.scores.queries import loaded
from playbooks.signals.models import Signal
from reports.curve.movement import Kept, Part
from reports.curve.spec import NOBODY, CurveSpec

# One look into the index for each account: its newest row on or before the day.
CURVE = """
select row.account_id, kept.id, kept.score::float8,
    {stage}, {tier}, {owner}, {arr}
from accounts_bookrow row cross join lateral (
    select id, score, stage, tier_then, owner_then from playbooks_score score
    where score.account_id = row.account_id and score.day <= %(day)s order by score.day desc limit 1
) kept{paid}
where {where}
"""
# What each account paid on the day, by the rates of the day; before its first point that one counts.
PAID = """
join csworkspace_workspace own on own.id = row.workspace_id
left join (
    select distinct on (account_id) account_id, arr, currency from accounts_arrpoint
    order by account_id, as_of <= %(day)s desc, abs(as_of - %(day)s)
) paid on paid.account_id = row.account_id
left join (
    select distinct on (into_currency, currency) into_currency, currency, rate from accounts_currencyrate
    where since <= %(day)s order by into_currency, currency, since desc
) rate on rate.currency = paid.currency and rate.into_currency = own.currency"""
ARR_THEN = """case when paid.account_id is null then row.arr_sort
        else least(coalesce(round(paid.arr * 100
            * case when paid.currency = own.currency then 1 else rate.rate end), -1),
            9223372036854775807)::bigint end"""
THEN = {
    "stage": "kept.stage",
    "tier": "kept.tier_then",
    "owner": "kept.owner_then",
    "arr": ARR_THEN,
    "paid": PAID,
}
NOW = {
    "stage": "row.stage",
    "tier": "row.tier_id",
    "owner": "row.owner_id",
    "arr": "row.arr_sort",
    "paid": "",
}
MEMBER_NOW = "stay.left_at is null"
UNTIL = "(select (%(day)s::date + 1)::timestamp at time zone timezone from csworkspace_workspace)"
MEMBER_THEN = f"stay.entered_at < {UNTIL} and (stay.left_at is null or stay.left_at >= {UNTIL})"
IN_SEGMENT = (
    "exists (select from accounts_segmentstay stay where stay.segment_id = %(segment)s "
    "and stay.account_id = row.account_id and {member})"
)
DETAILS = """
select row.account_id, row.name, score.components
from accounts_bookrow row join playbooks_score score on score.account_id = row.account_id
where score.id = any(%s)
"""
KEPT = """
select id, model_id, components::text from playbooks_score where id = any(%s)
"""
# Those of some rows that are the ends of history that was loaded later, before a day.
ENDED = f"""
select id, day from playbooks_score kept
where id = any(%s) and day < %s and {loaded("kept")} and not exists (
    select from playbooks_score later where later.account_id = kept.account_id and later.day > kept.day
        and {loaded("later")})
"""
STAYS = """
select stay.segment_id, stay.account_id from accounts_segmentstay stay where {member}
"""
AROUND = """
select
    (select json_agg(json_build_array(id, name) order by position) from accounts_tier
     where retired_at is null),
    (select json_agg(json_build_array(id, name) order by name) from accounts_segment),
    (select json_agg(json_build_array(member.id, coalesce(nullif(person.name, ''), person.email))
                     order by person.name, person.email)
     from csworkspace_membership member join csworkspace_user person on person.id = member.user_id
     where member.role <> 'viewer')
"""


class Spot(NamedTuple):
    """An account on the curve of a day; score None: nothing was known. arr in cents, -1 without any."""

    account_id: int
    row_id: int
    score: float | None
    stage: str
    tier: int | None
    owner: int | None
    arr: int

    @property
    def counts(self) -> bool:
        """Whether it is part of the curve."""
        return self.score is not None and self.stage != Stage.CHURNED


@dataclass(frozen=True)
class Around:
    """Names of tiers, segments and colleagues."""

    tiers: dict[int, str]
    segments: dict[int, str]
    team: dict[int, str]


class Told(NamedTuple):
    """A signal, as the tails name it."""

    pk: int
    title: str
    kind: str


@dataclass(frozen=True)
class Detail:
    """What is printed of an account by name, and the components of its score."""

    account_id: int
    name: str
    components: list[dict[str, Any]] = field(default_factory=list)


def curve_on(spec: CurveSpec, day: date, among: Collection[int] | None = None) -> list[Spot]:
    """Every account with what was kept of it on the day, as the view limits them; one query.

    Tier, CSM, stage, ARR and members of a segment are those of the day. among: only these accounts.
    """
    columns = NOW if day >= spec.today else THEN
    where, values = ["true"], dict[str, Any](day=day, segment=spec.segment)
    for name in ("tier", "owner"):
        chosen = getattr(spec, name)
        if chosen is not None:
            where.append(f"{columns[name]} is null" if chosen == NOBODY else f"{columns[name]} = %({name})s")
            values[name] = chosen
    if spec.segment is not None:
        where.append(IN_SEGMENT.format(member=_member(spec, day)))
    if among is not None:
        where.append("row.account_id = any(%(among)s)")
        values["among"] = list(among)
    with connection.cursor() as cursor:
        cursor.execute(CURVE.format(where=" and ".join(where), **columns), values)
        return list(map(Spot._make, cursor.fetchall()))


def curve_before(
    spec: CurveSpec, day: date, among: Collection[int] | None = None
) -> tuple[list[Spot], date | None]:
    """The curve of a day to compare with, and the last day that was kept where that is too long ago.

    A score stands until it changes. But where an account's history was loaded later and ends long before the
    day, by more than the time that is compared, nothing was kept in between: what was true at its end is not
    what was true on the day, and there is no score. As `playbooks.scores.queries.score_before`. Two queries.
    """
    spots = curve_on(spec, day, among)
    if not spots:
        return spots, None
    with connection.cursor() as cursor:
        cursor.execute(ENDED, [[spot.row_id for spot in spots], day - (spec.on - day)])
        ended: dict[int, date] = dict(cursor.fetchall())
    known = [spot._replace(score=None) if spot.row_id in ended else spot for spot in spots]
    return known, max(ended.values(), default=None)


def read_around() -> Around:
    """Names for filters and groups; one query."""
    with connection.cursor() as cursor:
        cursor.execute(AROUND)
        tiers, segments, team = cursor.fetchone()
    return Around(dict(tiers or []), dict(segments or []), dict(team or []))


def _member(spec: CurveSpec, day: date) -> str:
    return MEMBER_NOW if day >= spec.today else MEMBER_THEN


def kept_rows(row_ids: Sequence[int]) -> dict[int, Kept]:
    """The components of rows, by the row's id; one query. What the movement has no use for is not read."""
    decoder = msgspec.json.Decoder(list[Part])
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [list(row_ids)])
        return {pk: Kept(model, decoder.decode(text)) for pk, model, text in cursor.fetchall()}


def details_of(row_ids: Sequence[int]) -> dict[int, Detail]:
    """Names and components of the accounts of some rows, by account; one query."""
    with connection.cursor() as cursor:
        cursor.execute(DETAILS, [list(row_ids)])
        rows = cursor.fetchall()
    return {
        pk: Detail(pk, name, msgspec.json.decode(components) if isinstance(components, str) else components)
        for pk, name, components in rows
    }


def open_signals(account_ids: Sequence[int], day: date) -> dict[int, list[Told]]:
    """The signals of accounts that were not resolved at the end of the day, the gravest first; one query."""
    rows = Signal.objects.filter(account_id__in=account_ids, raised_on__lte=day)
    rows = rows.filter(Q(resolved_on=None) | Q(resolved_on__gt=day)).order_by("-severity", "-id")
    found: dict[int, list[Told]] = {}
    for account_id, pk, title, kind in rows.values_list("account_id", "pk", "title", "kind"):
        found.setdefault(account_id, []).append(Told(pk, title, kind))
    return found


def segment_members(spec: CurveSpec, day: date) -> dict[int, set[int]]:
    """Who was in which segment at the end of the day; one query."""
    found: dict[int, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STAYS.format(member=_member(spec, day)), {"day": day})
        for segment_id, account_id in cursor.fetchall():
            found.setdefault(segment_id, set()).add(account_id)
    return found


def names_of() -> dict[int, str]:
    """The name of every account; one query."""
    with connection.cursor() as cursor:
        cursor.execute("select account_id, name from accounts_bookrow")
        return dict(cursor.fetchall())
