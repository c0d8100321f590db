"""News by hand and from programs."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.accounts.models import Account, AccountDomain
from accounts.news.actions import NewsRefused, Told, add_many, add_news, check_day, remove_news
from accounts.news.models import News
from accounts.news.queries import PAGE, news_page, read_cursor
from csworkspace.api.keys import hash_key, new_key
from csworkspace.audit.models import AuditEntry
from csworkspace.people.models import ApiKey
from tests.kit import BY, WalledClient, client_of

NOW = date(2030, 6, 30)
HOSTILE = "<script>alert(1)</script>"


def told(here, day=date(2026, 1, 5), **fields):
    return Told(
        **{
            "account_id": here.account.pk,
            "kind": "funding",
            "title": "Series B",
            "happened_on": day,
            **fields,
        }
    )


@pytest.fixture
def announced(monkeypatch):
    found = []
    monkeypatch.setattr(
        "accounts.news.actions.announce", lambda event, *, by, **args: found.append((event, args))
    )
    return found


@pytest.fixture
def key(here):
    Account.objects.filter(pk=here.account.pk).update(external_id="acme-1")
    AccountDomain.objects.create(account=here.account, domain="acme.example", is_main=True)
    text = new_key(here.workspace.pk)
    ApiKey.objects.create(name="press", key_hash=hash_key(text), hint=text[:8])
    return text


def send(key, rows):
    return WalledClient().post(
        "/api/v1/news",
        data=json.dumps({"news": rows}),
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {key}",
    )


def test_entered_and_removed_with_audit_and_news_of_it(here, elsewhere, announced):
    made = add_news(here.account, told(here), by=BY)
    assert (made.kind, made.title, made.external_id, made.actor) == ("funding", "Series B", None, "Test")
    remove_news(made, by=BY)
    assert announced == [("news.changed", {"account_ids": [here.account.pk]})] * 2
    entries = AuditEntry.objects.filter(object_type="news").order_by("pk")
    assert list(entries.values_list("verb", flat=True)) == ["entered", "removed"]
    elsewhere.open()
    assert News.objects.count() == 0


@pytest.mark.parametrize(("day", "ok"), [(NOW, True), (NOW + timedelta(1), True), (NOW + timedelta(2), False),
                                         (date(1990, 1, 1), True), (date(1989, 12, 31), False)])  # fmt: skip
def test_the_day_has_to_be_one_that_has_been(day, ok):
    if ok:
        check_day(day, NOW)
        return
    with pytest.raises(NewsRefused) as refused:
        check_day(day, NOW)
    assert refused.value.field == "happened_on"


def test_many_at_once_each_once(here, announced):
    rows = [
        told(here, external_id="a"),
        told(here, external_id="a", title="Again"),
        told(here, external_id="b"),
    ]
    assert sorted(add_many(rows, by=BY)) == ["a", "b"]
    assert add_many(rows, by=BY) == {}
    assert sorted(News.objects.values_list("external_id", "title")) == [("a", "Series B"), ("b", "Series B")]
    assert announced == [("news.changed", {"account_ids": [here.account.pk]})]
    assert add_many([], by=BY) == {}


def test_pages_follow_each_other_without_a_gap(here):
    for n in range(PAGE + 2):
        add_news(here.account, told(here, date(2026, 1, 1) + timedelta(n // 2), title=f"N{n}"), by=BY)
    first, last = news_page(here.account.pk, NOW, None)
    second, end = news_page(here.account.pk, NOW, read_cursor(last))
    titles = [item.title for item in (*first, *second)]
    assert (len(first), titles, end) == (PAGE, [f"N{n}" for n in range(PAGE + 1, -1, -1)], "")
    assert [read_cursor(text) for text in ("", "x.1", "2026-01-01.x", "2026-01-01.")] == [None] * 4


def test_by_hand_and_what_is_wrong_is_said(here, csm):
    url = here.url(f"accounts/{here.account.pk}/news/new/")
    day = timezone.now().date().isoformat()
    given = {
        "title": HOSTILE,
        "kind": "cuts",
        "happened_on": day,
        "note": HOSTILE,
        "link": "https://x.example/a",
    }
    page = csm.post(url, given, follow=True)
    text = page.content.decode()
    assert HOSTILE not in text
    assert [item.title for item in page.context["items"]] == [HOSTILE]
    for bad in (
        {"title": " "},
        {"link": "javascript:alert(1)"},
        {"happened_on": "2999-01-01"},
        {"kind": "x"},
    ):
        answer = csm.post(url, {**given, **bad})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(bad))
    news = News.objects.get()
    csm.post(here.url(f"news/{news.pk}/removals/"))
    assert News.objects.count() == 0
    assert client_of(here.members["executive"]).get(url).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_depend_on_the_number_of_news(here, csm, django_assert_num_queries, many):
    for n in range(many):
        add_news(here.account, told(here, title=f"N{n}"), by=BY)
    with django_assert_num_queries(14):
        assert csm.get(here.url(f"accounts/{here.account.pk}/news/")).status_code == 200


def test_programs_get_an_answer_for_each_row(here, key):
    good = {
        "account": "acme-1",
        "kind": "funding",
        "title": "B",
        "happened_on": "2026-01-05",
        "external_id": "n1",
    }
    rows = [
        good,
        {**good, "title": "Again"},
        {**good, "external_id": "n2", "account": "ACME.example"},
        {**good, "external_id": "n3", "happened_on": "2999-01-01"},
        {**good, "external_id": "n4", "link": "javascript:alert(1)"},
        {**good, "external_id": "n5", "account": "nobody"},
        {**good, "external_id": "n6", "happened_on": "soon"},
        {key: value for key, value in good.items() if key != "external_id"},
    ]
    body = send(key, rows).json()
    assert [(one["status"], one.get("field", "")) for one in body["results"]] == [
        ("accepted", ""), ("duplicate", ""), ("accepted", ""), ("rejected", "happened_on"),
        ("rejected", "link"),
        ("rejected", "account"), ("rejected", "happened_on"), ("rejected", "external_id"),
    ]  # fmt: skip
    assert sorted(News.objects.values_list("external_id", "title")) == [("n1", "B"), ("n2", "B")]
    again = send(key, rows[:1]).json()
    assert (again["duplicates"], again["results"][0]["id"]) == (1, News.objects.get(external_id="n1").pk)


@pytest.mark.parametrize("many", [1, 3])
def test_a_constant_number_of_statements(here, key, announced, django_assert_num_queries, many):
    good = {"account": "acme-1", "kind": "funding", "title": "B", "happened_on": "2026-01-05"}
    rows = [{**good, "external_id": f"e{n}"} for n in range(many)]
    with django_assert_num_queries(15):
        assert send(key, rows).json()["accepted"] == many
