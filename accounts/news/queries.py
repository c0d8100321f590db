"""News of accounts as pages print them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.news.models import News, NewsKind
from csworkspace.web import times
from csworkspace.web.urls import id_in

PAGE, LATEST = 30, 3
Cursor = tuple[date, int]


@dataclass(frozen=True)
class NewsItem:
    """A piece of news, ready to print."""

    id: int
    kind: str
    title: str
    note: str
    link: str
    day: str
    iso: str
    when: str
    by: str


def item_of(one: News, today: date) -> NewsItem:
    """A piece of news in words."""
    return NewsItem(
        id=one.pk,
        kind=NewsKind(one.kind).label,
        title=one.title,
        note=one.note,
        link=one.link,
        day=times.day(one.happened_on),
        iso=one.happened_on.isoformat(),
        when=times.relative_day(one.happened_on, today),
        by=one.actor,
    )


def _newest_first(account_id: int) -> QuerySet[Any]:
    return News.objects.filter(account_id=account_id).order_by("-happened_on", "-pk")


def latest_news(account_id: int, today: date) -> list[NewsItem]:
    """The latest few of an account; one query."""
    return [item_of(one, today) for one in _newest_first(account_id)[:LATEST]]


def news_page(account_id: int, today: date, after: Cursor | None) -> tuple[list[NewsItem], str]:
    """A page of an account's news, the newest first, and the place after it ("" at the end); one query."""
    rows = _newest_first(account_id)
    if after:
        rows = rows.filter(Q(happened_on__lt=after[0]) | Q(happened_on=after[0], pk__lt=after[1]))
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    last = f"{page[-1].happened_on}.{page[-1].pk}" if len(found) > PAGE else ""
    return [item_of(one, today) for one in page], last


def read_cursor(text: str) -> Cursor | None:
    """The place in the list that a link carries; None for anything else."""
    day, _, pk = text.partition(".")
    number = id_in(pk)
    try:
        return None if number is None else (date.fromisoformat(day), number)
    except ValueError:
        return None
