"""`POST /api/v1/news`: news of accounts from programs."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.accounts.naming import accounts_named
from accounts.news.actions import NewsRefused, Told, add_many, check_day
from accounts.news.models import News, NewsKind
from csworkspace.api.rows import (
    MOST_ROWS,
    RowAnswer,
    RowRefused,
    answer_call,
    needed_line,
    rejected,
    web_link,
)
from csworkspace.api.rows_schema import responses
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from csworkspace.web.texts import clean_text

FORM = '{"news": [{"account": …, "kind": …, "title": …, "happened_on": …, "external_id": …}, …]}'
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """One piece of news as it is sent."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    kind: Literal["funding", "leadership", "acquisition", "growth", "cuts", "competitor", "other"]
    title: Line
    happened_on: date
    external_id: Key
    note: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    link: Annotated[str, msgspec.Meta(max_length=500)] = ""


ROW = msgspec.json.Decoder(Row)


class NewsRowForm(serializers.Serializer[Any]):
    """One piece of news."""

    account = serializers.CharField(
        max_length=253, help_text="Your id of the account, or one of its domains."
    )
    kind = serializers.ChoiceField(choices=NewsKind.choices)
    title = serializers.CharField(max_length=200)
    happened_on = serializers.DateField(help_text="The day of the fact, from 1990 on, not to come.")
    external_id = serializers.CharField(
        max_length=120, help_text="Yours, unique in the workspace: the first row that is accepted counts."
    )
    note = serializers.CharField(max_length=4000, required=False)
    link = serializers.URLField(max_length=500, required=False)


class NewsCallForm(serializers.Serializer[Any]):
    """A call's body."""

    news = serializers.ListField(child=NewsRowForm(), max_length=MOST_ROWS)


class NewsView(APIView):
    """Takes batches of news."""

    @extend_schema(
        operation_id="send_news",
        summary="Send news of accounts",
        description=f"Takes up to {MOST_ROWS} pieces of news; sending one again changes nothing.",
        tags=["Signals"],
        request=NewsCallForm,
        responses=responses("rows"),
    )
    def post(self, request: Request) -> Any:
        """Store a call's news, and say of each what became of it."""
        return answer_call(request, "news", FORM, ROW, take)


def take(rows: list[Row], *, by: Actor) -> list[RowAnswer]:
    """Enter the good ones together; one answer for each, in order."""
    accounts, now = accounts_named(row.account for row in rows), today()
    told: list[Told | RowRefused] = []
    for row in rows:
        try:
            told.append(told_of(row, accounts, now))
        except RowRefused as refused:
            told.append(refused)
    made = add_many([one for one in told if isinstance(one, Told)], by=by)
    keys = [one.external_id for one in told if isinstance(one, Told)]
    known = dict(News.objects.filter(external_id__in=keys).values_list("external_id", "pk"))
    answers, seen = [], set()
    for one in told:
        if isinstance(one, RowRefused):
            answers.append(rejected(one))
            continue
        key = str(one.external_id)
        is_new = key in made and key not in seen
        seen.add(key)
        answers.append(RowAnswer(0, "accepted" if is_new else "duplicate", id=known[key]))
    return answers


def told_of(row: Row, accounts: dict[str, int], now: date) -> Told:
    """A row as news of an account. Raises RowRefused."""
    account_id = accounts.get(row.account.strip())
    if account_id is None:
        raise RowRefused("account", "No account has this external id or domain.")
    try:
        check_day(row.happened_on, now)
    except NewsRefused as error:
        raise RowRefused("happened_on", str(error)) from None
    return Told(
        account_id=account_id,
        kind=row.kind,
        title=needed_line("title", row.title),
        happened_on=row.happened_on,
        note=clean_text(row.note),
        link=web_link("link", row.link),
        external_id=needed_line("external_id", row.external_id),
    )
