"""What the lower floors know of an account: its standing, what it pays, its people, its portal."""

from datetime import datetime
from typing import Any, NamedTuple

from accounts.accounts.models import Stage
from csworkspace.web import formats
from csworkspace.web.urls import workspace_url
from playbooks.timeline.reading import midnight, newest
from playbooks.timeline.sources import Happening, Place, TimelineSource

NOBODY, NAMES = "nobody", 4
# Stage and owner from the audit log, the tier from its history, and what it pays where that changed: once
# for each quarter, because a price for each seat moves every month.
STANDING = f"""
select at, 'standing ' || id as key, 'standing' as kind, before ->> 'stage' as old, after ->> 'stage' as new,
    before ->> 'owner' as owner_old, after ->> 'owner' as owner_new, before ? 'owner' as owner_moved,
    coalesce(after ->> 'reason', '') as text, actor
from csworkspace_auditentry
where object_type = 'account' and object_id = %s and (before ? 'stage' or before ? 'owner')
union all
select {midnight("since")}, 'tier ' || id, 'tier', former, name, null, null, is_planned, reason, actor
from (select move.id, move.since, move.is_planned, move.reason, move.actor, tier.name,
          lag(coalesce(tier.name, 'no tier')) over (order by move.since, move.id) as former
      from accounts_tierplacement move left join accounts_tier tier on tier.id = move.tier_id
      where move.account_id = %s) moves
union all
select {midnight("max(as_of)")}, 'arr ' || date_trunc('quarter', as_of)::date, 'arr',
    (array_agg(former order by as_of, id))[1]::text, (array_agg(arr order by as_of desc, id desc))[1]::text,
    count(*)::text, (array_agg(currency order by as_of desc, id desc))[1], false, '',
    (array_agg(actor order by as_of desc, id desc))[1]
from (select id, as_of, arr, currency, actor, lag(arr) over (order by as_of, id) as former,
          row_number() over (order by as_of, id) as number
      from accounts_arrpoint where account_id = %s) points
where number > 1 and arr is distinct from former group by date_trunc('quarter', as_of)
union all
select {midnight("day")}, key || account.id, 'date', key, null, null, null, false, '', ''
from accounts_account account
cross join lateral (values ('began ', customer_since), ('renewal ', renewal_on)) as dates (key, day)
where account.id = %s and day is not null
"""
# People who came on the same day are one line: an import brings many.
PEOPLE = f"""
select min(created_at) as at, 'came ' || (created_at at time zone %s)::date as key, 'came' as kind,
    (array_agg(name order by name, id))[:{NAMES}] as names, count(*) as many, '' as title
from accounts_contact where account_id = %s group by (created_at at time zone %s)::date
union all
select {midnight("left_on")}, 'left ' || id, 'left', array[name], 1, coalesce(nullif(title, ''), role)
from accounts_contact where account_id = %s and left_on is not null
"""
VISITS = """
select min(first_at) as at, 'visited ' || visitor as key,
    (array_agg(visitor_name order by first_at))[1] as name
from accounts_portalvisit where account_id = %s group by visitor
"""


class Standing(NamedTuple):
    """One change of what an account is: see STANDING for what its columns hold by kind."""

    at: datetime
    key: str
    kind: str
    old: str | None
    new: str | None
    owner_old: str | None
    owner_new: str | None
    flag: bool
    text: str
    actor: str


class People(NamedTuple):
    """People who came on a day, or one who left."""

    at: datetime
    key: str
    kind: str
    names: list[str]
    many: int
    title: str


class Visit(NamedTuple):
    """The first visit of somebody to the portal."""

    at: datetime
    key: str
    name: str


def find_standing(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """Moves between stages, owners and tiers, what it pays, and its dates; one query."""
    zone = request.workspace.timezone
    values = [account_id, zone, account_id, zone, account_id, zone, account_id]
    history = workspace_url(request, "account_history", account_id)
    tier = workspace_url(request, "account_tier", account_id)
    rows = newest(Standing, STANDING, values, before, limit)
    return [
        Happening(row.at, row.key, TITLES[row.kind](row), row.text, row.actor, URLS[row.kind](history, tier))
        for row in rows
    ]


def _stage_and_owner(row: Standing) -> str:
    parts = [f"Stage: {_stage(row.old)} to {_stage(row.new)}"] if row.old != row.new else []
    parts += [f"Owner: {row.owner_old or NOBODY} to {row.owner_new or NOBODY}"] if row.flag else []
    return "; ".join(parts)


def _stage(value: str | None) -> str:
    """A stage's word; bulk changes keep the word itself in the log."""
    return str(Stage(value).label) if value in Stage.values else value or formats.DASH


def _tier(row: Standing) -> str:
    name = row.new or "no tier"
    if row.flag:
        return f"Move to {name} planned"
    return f"Tier: {row.old} to {name}" if row.old else f"Tier: {name}"


def _arr(row: Standing) -> str:
    currency = row.owner_new or ""
    old, new = (formats.money(_amount(value), currency) for value in (row.old, row.new))
    steps = int(row.owner_old or 1)
    return f"ARR: {old} to {new}" + (f" in {steps} steps" if steps > 1 else "")


def _amount(value: str | None) -> float | None:
    return None if value is None else float(value)


def _date(row: Standing) -> str:
    return "Renewal" if row.key.startswith("renewal") else "Became a customer"


TITLES = {"standing": _stage_and_owner, "tier": _tier, "arr": _arr, "date": _date}
URLS = {
    "standing": lambda history, tier: history,
    "tier": lambda history, tier: tier,
    "arr": lambda history, tier: "",
    "date": lambda history, tier: "",
}


def find_people(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """People who were added, together by day, and people who left; one query."""
    zone, url = request.workspace.timezone, workspace_url(request, "account_people", account_id)
    rows = newest(People, PEOPLE, [zone, account_id, zone, zone, account_id], before, limit)
    return [
        Happening(
            row.at,
            row.key,
            _came_or_left(row),
            _others(row),
            url=url,
            tone="warn" if row.kind == "left" else "",
        )
        for row in rows
    ]


def _came_or_left(row: People) -> str:
    if row.kind == "left":
        return f"{row.names[0]} left ({row.title})"
    return f"{row.names[0]} added" if row.many == 1 else f"{formats.number(row.many)} people added"


def _others(row: People) -> str:
    if row.many == 1:
        return ""
    more = row.many - len(row.names)
    return ", ".join(row.names) + (f" and {formats.number(more)} more" if more else "")


def find_visits(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """Who looked into the portal for the first time; one query."""
    rows = newest(Visit, VISITS, [account_id], before, limit)
    return [Happening(row.at, row.key, f"{row.name} opened the portal for the first time") for row in rows]


SOURCES = (
    TimelineSource("standing", "Account", find_standing, order=70, icon="history"),
    TimelineSource("people", "People", find_people, order=75, icon="user"),
    TimelineSource("visits", "Portal", find_visits, order=80, icon="eye"),
)
