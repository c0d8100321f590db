"""How an account's people use the product: features, people, over the last four weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.usage.queries import bounds, local_day
from csworkspace.web import formats, times

WINDOW = 28
FIRST = 12
SHOWN = 60
WHO = "coalesce('contact ' || identity.contact_id, event.user_key)"
FEATURES = f"""
select used.*, count(*) filter (where uses > 0) over (),
    count(*) filter (where uses > 0 and before = 0) over (),
    count(*) filter (where uses = 0) over ()
from (
    select event.feature, count(*) filter (where occurred_at >= %(middle)s) as uses,
        count(*) filter (where occurred_at < %(middle)s) as before,
        count(distinct {WHO}) filter (where occurred_at >= %(middle)s) as people, max(occurred_at) as last_at
    from accounts_event event
    left join accounts_contactidentity identity on identity.value = event.user_key
    where event.account_id = %(account)s and occurred_at >= %(since)s and occurred_at < %(until)s
    group by event.feature
) used order by uses desc, before desc, feature limit %(limit)s
"""
PEOPLE = """
select coalesce(contact.name, max(event.user_name)), min(event.user_key), contact.id is not null,
    count(distinct (occurred_at at time zone %(zone)s)::date) as days, count(*) as events, max(occurred_at),
    count(*) over ()
from accounts_event event
left join accounts_contactidentity identity on identity.value = event.user_key
left join accounts_contact contact on contact.id = identity.contact_id
where event.account_id = %(account)s and occurred_at >= %(middle)s and occurred_at < %(until)s
group by contact.id, contact.name, case when contact.id is null then event.user_key end
order by days desc, events desc, 2 limit %(limit)s
"""


@dataclass(frozen=True)
class FeatureLine:
    """A feature's use in the last four weeks; news is "new", "lost" or ""."""

    name: str
    uses: str
    before: str
    people: str
    last: str
    news: str


@dataclass(frozen=True)
class PersonLine:
    """An active person; `contact` says that they are a known contact."""

    name: str
    email: str
    contact: bool
    days: str
    events: str
    last: str


@dataclass(frozen=True)
class Activity:
    """The last four weeks of an account: the lists, each with what it leaves out, and the tallies."""

    features: list[FeatureLine]
    people: list[PersonLine]
    features_used: int
    features_new: int
    features_lost: int
    people_active: int

    @property
    def features_rest(self) -> str:
        """What comes after the first lines: "9 more"."""
        return _rest(self.features_used + self.features_lost)

    @property
    def people_rest(self) -> str:
        """Likewise of people."""
        return _rest(self.people_active)

    @property
    def features_more(self) -> int:
        """Features that the list leaves out."""
        return max(0, self.features_used + self.features_lost - len(self.features))

    @property
    def people_more(self) -> int:
        """People that the list leaves out."""
        return max(0, self.people_active - len(self.people))


def activity_of(account_id: int, today: date, zone: str) -> Activity:
    """What was used, and by whom, in the WINDOW days to today and against the ones before; two queries."""
    middle = today - timedelta(days=WINDOW - 1)
    since, until = bounds(middle - timedelta(days=WINDOW), today, zone)
    given = {
        "account": account_id,
        "since": since,
        "middle": bounds(middle, today, zone)[0],
        "until": until,
        "zone": zone,
        "limit": SHOWN,
    }
    features, people = _rows(FEATURES, given), _rows(PEOPLE, given)
    used, new, lost = features[0][5:] if features else (0, 0, 0)
    return Activity(
        [_feature(row, zone) for row in features],
        [_person(row, zone) for row in people],
        used,
        new,
        lost,
        people[0][6] if people else 0,
    )


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _rest(total: int) -> str:
    return f"{formats.number(total - FIRST)} more" if total > FIRST else ""


def _feature(row: tuple[Any, ...], zone: str) -> FeatureLine:
    name, uses, before, people, last_at = row[:5]
    return FeatureLine(
        name,
        formats.number(uses),
        formats.number(before),
        formats.number(people),
        times.day(local_day(last_at, zone)),
        "lost" if not uses else "" if before else "new",
    )


def _person(row: tuple[Any, ...], zone: str) -> PersonLine:
    name, key, is_contact, days, events, last_at = row[:6]
    return PersonLine(
        name or key,
        key if name else "",
        is_contact,
        formats.number(days),
        formats.number(events),
        times.day(local_day(last_at, zone)),
    )
