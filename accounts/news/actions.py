"""Entering news of accounts, by hand or by the API, and removing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from psycopg2.extras import execute_values

from accounts.accounts.models import Account
from accounts.news.models import News
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit
from csworkspace.events.registry import announce
from csworkspace.tenancy.clock import today

FIRST_DAY = date(1990, 1, 1)
INSERT = """
insert into accounts_news (account_id, kind, title, note, link, happened_on, external_id, actor, recorded_at)
values %s on conflict (workspace_id, external_id) do nothing returning external_id, id
"""


class NewsRefused(ValueError):
    """News that cannot be entered; the text says why. `field`: of the form."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Told:
    """A piece of news as somebody tells it; see `models.News`."""

    account_id: int
    kind: str
    title: str
    happened_on: date
    note: str = ""
    link: str = ""
    external_id: str | None = None


def check_day(day: date, now: date) -> None:
    """Raise NewsRefused for a day to come, or one before anybody kept news; `now` is today."""
    # Somewhere it may be tomorrow already.
    if day > now + timedelta(days=1):
        raise NewsRefused("That day is still to come. News tells what has happened.", "happened_on")
    if day < FIRST_DAY:
        raise NewsRefused("Choose a day from 1990 on.", "happened_on")


@transaction.atomic
def add_news(account: Account, told: Told, *, by: Actor) -> News:
    """Enter a piece of news. Raises NewsRefused for a day that cannot be."""
    check_day(told.happened_on, today())
    made = News.objects.create(**vars(told), actor=by.label[:160])
    record("entered", made, by=by, after={"kind": made.get_kind_display(), "day": told.happened_on})
    announce("news.changed", by=by, account_ids=[account.pk])
    return made


@transaction.atomic
def add_many(news: Sequence[Told], *, by: Actor) -> dict[str, int]:
    """Enter news that has external ids; the ids of what is new by external id, what was known is left out.

    A constant number of statements. The days have to be checked before.
    """
    first = {one.external_id: one for one in reversed(news)}
    rows = [
        (one.account_id, one.kind, one.title, one.note, one.link, one.happened_on, one.external_id)
        for _, one in sorted(first.items(), key=lambda item: str(item[0]))
    ]
    if not rows:
        return {}
    with connection.cursor() as cursor:
        values = [(*row, by.label[:160]) for row in rows]
        template = "(%s, %s, %s, %s, %s, %s, %s, %s, now())"
        found = execute_values(
            cursor.cursor, INSERT, values, template=template, page_size=len(values), fetch=True
        )
        made = dict(found)
        entries = [
            audit_rows("entered", pk, first[key].title, {}, {"kind": first[key].kind}) for key, pk in found
        ]
        insert_audit(cursor.cursor, by, "news", entries)
    if made:
        account_ids = sorted({first[key].account_id for key in made})
        announce("news.changed", by=by, account_ids=account_ids)
    return made


@transaction.atomic
def remove_news(news: News, *, by: Actor) -> None:
    """Take a piece of news back: it was wrong."""
    record("removed", news, by=by, before={"title": news.title, "day": news.happened_on})
    account_id = news.account_id
    news.delete()
    announce("news.changed", by=by, account_ids=[account_id])
