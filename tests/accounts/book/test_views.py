"""The book's page: what it shows, to whom, in how many queries."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.actions import create_account, edit_account
from accounts.accounts.models import Account
from accounts.book.actions import Standing, refresh_book, set_standing
from accounts.book.models import BookRow
from accounts.book.page import capped
from accounts.book.queries import read_page
from accounts.metrics.models import Metric
from tests.accounts.book.makers import make_book
from tests.kit import BY, client_of


def page_of(here, path="book/", role="executive", **headers):
    return client_of(here.members[role]).get(here.url(path), headers=headers)


def shown(response):
    return [row["name"] for row in response.context["rows"]]


def test_who_needs_attention_comes_first_with_the_reason(here):
    quiet, loud = create_account(by=BY, name="Quiet"), create_account(by=BY, name="Loud <b>")
    reasons = [{"text": "Users fell by 30%", "weight": 60}, {"text": "Renews soon", "weight": 20}]
    set_standing([Standing(loud.pk, 2, "off_track", 80, reasons), Standing(quiet.pk, attention=10)])
    refresh_book()
    response = page_of(here)
    page = response.content.decode()
    assert shown(response) == ["Loud <b>", "Quiet", "Acme Industries"]
    assert "Users fell by 30% (and 1 more)" in page
    assert "Loud &lt;b&gt;" in page
    assert '<span class="status" data-status="off_track">Off track</span>' in page


def test_the_metric_is_called_by_its_name_on_a_phone_too(here):
    refresh_book()
    assert page_of(here).content.decode().count('data-label="Headline"') == 1
    Metric.objects.create(key="users", name="Users <b>", is_headline=True)
    BookRow.objects.update(headline=87, headline_before=100)
    page = page_of(here).content.decode()
    assert page.count('data-label="Users &lt;b&gt;"') == 1
    assert '<span>87 <span class="sub">−13%</span></span>' in page
    assert 'data-label="Headline"' not in page


def test_a_page_that_holds_the_whole_filter_offers_no_more_than_itself(here, monkeypatch):
    make_book([{"name": "Other"}])
    page = page_of(here, role="manager").content.decode()
    assert (page.count("data-whole"), page.count("Select all 2</button>")) == (1, 1)
    monkeypatch.setattr("accounts.book.page.read_page", partial(read_page, size=1))
    page = page_of(here, role="manager").content.decode()
    assert (page.count("data-whole"), page.count("Select the page</button>")) == (0, 1)


def test_a_csm_starts_with_their_own_accounts(here):
    create_account(by=BY, name="Somebody else's", owner=here.members["manager"])
    refresh_book()
    assert shown(page_of(here, role="csm")) == ["Acme Industries"]
    assert sorted(shown(page_of(here, "book/?owner=all", role="csm"))) == [
        "Acme Industries",
        "Somebody else's",
    ]
    assert sorted(shown(page_of(here, role="manager"))) == ["Acme Industries", "Somebody else's"]


def test_key_figures_never_add_currencies(here):
    soon = date.today() + timedelta(days=10)
    create_account(by=BY, name="E", arr=Decimal(1500), currency="EUR", renewal_on=soon)
    create_account(by=BY, name="U", arr=Decimal(2000), currency="USD", renewal_on=soon + timedelta(days=300))
    create_account(by=BY, name="V", arr=Decimal(500), currency="USD")
    refresh_book()
    figures = {f["label"]: f["value"] for f in page_of(here).context["figures"]}
    assert figures == {
        "Accounts shown": "4",
        "ARR": "€1.5k · $2.5k",
        "Renewing in 90 days": "1",
        "Needing attention": "0",
    }


def test_figures_follow_every_change(here, django_capture_on_commit_callbacks):
    refresh_book()

    def value():
        return page_of(here).context["figures"][1]["value"]

    assert value() == "–"
    edit_account(here.account, by=BY, arr=Decimal(1000))
    assert value() == "$1k"
    with django_capture_on_commit_callbacks(execute=False):
        edit_account(here.account, by=BY, arr=Decimal(3000))
    assert value() == "$3k"


def test_a_broken_cache_costs_a_query_and_no_page(here, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    refresh_book()
    assert shown(page_of(here)) == ["Acme Industries"]


def test_pages_lead_on_and_back(here):
    Account.objects.all().delete()
    make_book([{"name": f"N{n:03}"} for n in range(120)])
    first = page_of(here, "book/?sort=name")
    second = page_of(here, "book/" + first.context["next_url"])
    third = page_of(here, "book/" + second.context["next_url"])
    assert [len(shown(r)) for r in (first, second, third)] == [50, 50, 20]
    assert [r.context["summary"] for r in (first, second, third)] == [
        "1–50 of 120",
        "51–100 of 120",
        "101–120 of 120",
    ]
    assert (first.context["previous_url"], third.context["next_url"]) == ("", "")
    again = page_of(here, "book/" + third.context["previous_url"])
    assert shown(again) == shown(second)
    assert again.context["summary"] == "51–100 of 120"
    top = page_of(here, "book/" + again.context["previous_url"])
    assert shown(top) == shown(first)
    assert top.context["first_url"] == ""


def test_counts_are_capped(here):
    assert (capped(999), capped(1000), capped(1001)) == ("999", "1,000", "1,000+")


@pytest.mark.parametrize("at", ["x", "W10:1abc:zzz", "%00"])
def test_a_tampered_cursor_gives_the_first_page_with_a_notice(here, at):
    refresh_book()
    response = page_of(here, f"book/?at={at}")
    assert shown(response) == ["Acme Industries"]
    assert "That link to a page could not be used" in response.content.decode()


def test_htmx_gets_the_part_and_others_the_page(here):
    refresh_book()
    part, whole = page_of(here, **{"HX-Request": "true"}), page_of(here)
    assert part.content.decode().lstrip().startswith('<div id="book"')
    assert "<html" in whole.content.decode()
    assert "HX-Request" in part["Vary"]
    restored = page_of(here, **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_empty_states_say_what_to_do_next(here):
    Account.objects.all().delete()
    page = page_of(here, role="csm").content.decode()
    assert "No account fits" in page
    page = page_of(here, "book/?owner=all", role="csm").content.decode()
    assert "No accounts yet" in page
    assert "Import accounts" in page
    assert "Import accounts" not in page_of(here).content.decode()


def test_the_download_has_the_views_rows_and_no_formulas(here):
    evil = create_account(by=BY, name="=cmd|' /C calc'!A0", arr=Decimal("12.50"), stage="churned")
    create_account(by=BY, name="Other")
    BookRow.objects.filter(account=evil).update(reasons=[{"text": "+1"}])
    response = page_of(here, "book.csv?stage=churned")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [(r["account"], r["arr"], r["reason"]) for r in rows] == [("'=cmd|' /C calc'!A0", "12.5", "'+1")]
    assert response["Content-Disposition"] == 'attachment; filename="northwind-accounts.csv"'


def test_viewers_and_strangers_see_nothing(here, elsewhere):
    refresh_book()
    for path in ("book/", "book.csv"):
        assert page_of(here, path, role="viewer").status_code == 404
        assert client_of(elsewhere.members["admin"]).get(here.url(path)).status_code == 404


def test_the_lookalikes_rows_are_not_there(here, elsewhere):
    elsewhere.open()
    refresh_book()
    here.open()
    assert shown(page_of(here)) == []


def test_the_page_has_ten_queries_at_one_and_at_three_rows(here):
    client, counts = client_of(here.members["manager"]), []
    for name in ("", "B", "C"):
        if name:
            create_account(by=BY, name=name)
        refresh_book()
        with CaptureQueriesContext(connection) as queries:
            client.get(here.url("book/"))
        sqls = [q["sql"] for q in queries.captured_queries]
        begin = next(n for n, sql in enumerate(sqls) if sql.startswith("SAVEPOINT"))
        end = max(n for n, sql in enumerate(sqls) if sql.startswith("RELEASE"))
        # The savepoint and its release stand for BEGIN and COMMIT; the figures were not kept yet.
        counts.append(end - begin + 1)
    assert counts == [10, 10, 10]
