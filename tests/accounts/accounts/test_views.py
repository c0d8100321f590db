"""The account's pages, by people of each role."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.actions import create_account, edit_account
from accounts.accounts.history import history
from accounts.accounts.models import Account, PortalViewer
from accounts.contacts.actions import create_contact
from accounts.tiers.models import Tier
from csworkspace.people.access import accounts_of
from tests.kit import BY, client_of

NEW = {"name": "Harbour", "stage": "adopting", "currency": "eur", "domains": "h.example\nx.example"}


def text_of(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_a_csm_makes_an_account(here):
    client = client_of(here.members["csm"])
    response = client.post(here.url("accounts/new/"), {**NEW, "attribute_lines": "kind: small"})
    account = Account.objects.get(name="Harbour")
    assert response.status_code == 302
    assert response["Location"] == here.url(f"accounts/{account.pk}/")
    assert (account.currency, account.external_id, account.attributes) == ("EUR", None, {"kind": "small"})
    page = text_of(client.get(response["Location"]))
    assert "Harbour is in the book of business." in page
    assert "h.example, x.example" in page


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_form_keeps_what_was_typed(here, htmx):
    create_account(by=BY, name="Taken <b>", domains=["h.example"])
    headers = {"HX-Request": "true"} if htmx else {}
    response = client_of(here.members["csm"]).post(
        here.url("accounts/new/"), {**NEW, "renewal_on": "soon", "arr": "-1"}, headers=headers
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter a valid date." in page
    assert 'value="soon"' in page
    assert 'value="-1"' in page
    response = client_of(here.members["csm"]).post(here.url("accounts/new/"), NEW)
    assert response.status_code == 422
    assert "h.example belongs to the account Taken &lt;b&gt; already." in response.content.decode()
    assert 'value="Harbour"' in response.content.decode()


def test_editing_shows_what_there_is_and_saves(here):
    account = create_account(by=BY, name="Harbour", domains=["h.example"], attributes={"kind": "small"})
    client = client_of(here.members["csm"])
    page = client.get(here.url(f"accounts/{account.pk}/edit/")).content.decode()
    assert "kind: small" in page
    client.post(here.url(f"accounts/{account.pk}/edit/"), {**NEW, "name": "Harbor"})
    account.refresh_from_db()
    assert (account.name, account.stage) == ("Harbor", "adopting")


def test_stage_tier_and_owner_in_one_form(here):
    tier = Tier.objects.create(name="Top", position=1)
    client = client_of(here.members["csm"])
    url = here.url(f"accounts/{here.account.pk}/standing/")
    assert client.post(url, {"stage": "nonsense"}).status_code == 422
    client.post(url, {"stage": "churned", "tier": tier.pk, "owner": here.members["manager"].pk})
    here.account.refresh_from_db()
    assert (here.account.stage, here.account.tier, here.account.owner) == (
        "churned",
        tier,
        here.members["manager"],
    )


def test_the_header_is_on_every_tab(here):
    edit_account(here.account, by=BY, reason_bought="Fewer <late> trucks")
    client = client_of(here.members["executive"])
    for tab in ("", "people/", "history/"):
        page = client.get(here.url(f"accounts/{here.account.pk}/{tab}")).content.decode()
        assert "Fewer &lt;late&gt; trucks" in page
        assert "<h1>Acme Industries</h1>" in page.replace("\n", "")


def test_what_each_role_may(here):
    pk = here.account.pk
    pages = {
        f"accounts/{pk}/": (200, 200, 200, 200, 404),
        f"accounts/{pk}/history/": (200, 200, 200, 200, 404),
        f"accounts/{pk}/edit/": (200, 200, 200, 403, 404),
        f"accounts/{pk}/standing/": (200, 200, 200, 403, 404),
        "accounts/new/": (200, 200, 200, 403, 404),
        "settings/tiers/": (200, 200, 403, 403, 404),
    }
    PortalViewer.objects.create(membership=here.members["viewer"], account=here.account)
    roles = ("admin", "manager", "csm", "executive", "viewer")
    clients = [client_of(here.members[role]) for role in roles]
    found = {path: tuple(c.get(here.url(path)).status_code for c in clients) for path in pages}
    assert found == pages


def test_the_lookalikes_account_is_not_there(here, elsewhere):
    client = client_of(here.members["admin"])
    for path in ("", "edit/", "history/", "standing/", "people/", "people/new/"):
        assert client.get(here.url(f"accounts/{elsewhere.account.pk}/{path}")).status_code == 404
    assert client.get(elsewhere.url(f"accounts/{elsewhere.account.pk}/")).status_code == 404


def test_a_viewer_is_confined_to_the_bound_accounts(here, elsewhere):
    other = create_account(by=BY, name="Other")
    viewer = here.members["viewer"]
    assert accounts_of(viewer) == []
    PortalViewer.objects.create(membership=viewer, account=other)
    PortalViewer.objects.create(membership=viewer, account=here.account)
    assert accounts_of(viewer) == [here.account.pk, other.pk]


def test_history_has_the_accounts_own_and_its_peoples_entries(here, elsewhere, django_assert_num_queries):
    edit_account(here.account, by=BY, name="Acme Ltd")
    create_contact(here.account, by=BY, name="Ann", email="ann@acme.example")
    other = create_account(by=BY, name="Other")
    create_contact(other, by=BY, name="Bob", email="bob@acme.example")
    with django_assert_num_queries(1):
        entries = history(here.account.pk, "UTC")
    assert [e.title for e in entries] == ["Added contact Ann", "Edited"]
    assert [(c.field, c.before, c.after) for c in entries[1].changes] == [
        ("name", "Acme Industries", "Acme Ltd")
    ]
    assert [e.title for e in history(here.account.pk, "UTC", before=entries[0].pk)] == ["Edited"]
    elsewhere.open()
    assert history(here.account.pk, "UTC") == []


def test_history_tells_days_as_people_read_them(here):
    edit_account(here.account, by=BY, renewal_on=date(2026, 11, 26))
    edit_account(here.account, by=BY, renewal_on=date(2027, 3, 1), attributes={"signed": "2026-01-31"})
    later, first = history(here.account.pk, "Europe/Oslo")
    assert [(c.field, c.before, c.after) for c in later.changes] == [
        ("attributes", "–", "signed: 31 Jan 2026"),
        ("renewal on", "26 Nov 2026", "1 Mar 2027"),
    ]
    assert first.changes[0].after == "26 Nov 2026"


def test_history_pages(here):
    for n in range(52):
        edit_account(here.account, by=BY, name=f"Acme {n}")
    client = client_of(here.members["csm"])
    url = here.url(f"accounts/{here.account.pk}/history/")
    first = client.get(url)
    assert first.content.decode().count("<time ") == 50
    assert client.get(url + first.context["next_url"]).content.decode().count("<time ") == 2
    assert client.get(url + "?before=x").status_code == 200


def test_the_overview_has_a_literal_query_count(here):
    client = client_of(here.members["csm"])
    url = here.url(f"accounts/{here.account.pk}/")
    client.get(url)
    counts = []
    for people in (1, 3):
        for n in range(people):
            create_contact(here.account, by=BY, name=f"P{people}{n}", email=f"p{people}{n}@acme.example")
        counts.append(count_of(client, url))
    assert counts[0] == counts[1]
    # BEGIN and COMMIT, which the count includes here as a savepoint, are no queries.
    assert counts[0] == 20 + 2


def count_of(client, url):
    """The queries of a request, without those of the walled test client and of the test's savepoints."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    sqls = [q["sql"] for q in queries.captured_queries]
    begin = next(n for n, sql in enumerate(sqls) if sql.startswith("SAVEPOINT"))
    end = max(n for n, sql in enumerate(sqls) if sql.startswith("RELEASE"))
    return end - begin + 1
