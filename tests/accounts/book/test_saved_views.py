"""Saved views: kept, shared, changed, and seen by whom they are meant for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.book.actions import refresh_book
from accounts.book.filters import BookFilter
from accounts.book.models import SavedView
from accounts.book.saving import save_view
from csworkspace.audit.models import AuditEntry
from tests.kit import BY, client_of

MINE = BookFilter(tier="none", sort="owed", descending=False, cols="owed,tags")


@pytest.fixture
def keep(here):
    def do(role="csm", name="Owed", view=MINE, shared=False):
        return save_view(view, by=BY, owner=here.members[role], name=name, is_shared=shared)

    return do


def as_role(here, role):
    return client_of(here.members[role])


def test_what_the_book_shows_is_saved_and_shown_again(here):
    client = as_role(here, "csm")
    where = here.url("views/new/?owner=all&tier=none&sort=owed&cols=owed%2Ctags")
    response = client.post(where, {"name": "  Owed \n next ", "is_shared": "on"})
    saved = SavedView.objects.get()
    assert (saved.name, saved.is_shared, saved.owner_id) == ("Owed next", True, here.members["csm"].pk)
    assert (saved.query, saved.columns) == ("owner=all&tier=none&sort=owed", ["owed", "tags"])
    assert response["Location"] == here.url(
        f"book/?owner=all&tier=none&sort=owed&cols=owed%2Ctags&view={saved.pk}"
    )
    refresh_book()
    context = client.get(response["Location"]).context
    assert (context["view"].cols, context["view"].sort, context["is_changed"]) == ("owed,tags", "owed", False)
    assert [(tab["label"], tab["current"]) for tab in context["tabs"]] == [
        ("My accounts", False),
        ("Owed next", True),
    ]
    entry = AuditEntry.objects.get(object_type="savedview")
    assert (entry.verb, entry.after["name"]) == ("saved", "Owed next")


def test_who_only_reads_keeps_views_private(here):
    client = as_role(here, "executive")
    where = here.url("views/new/?stage=churned")
    assert 'name="is_shared"' not in client.get(where).content.decode()
    client.post(where, {"name": "Gone", "is_shared": "on"})
    saved = SavedView.objects.get()
    assert (saved.name, saved.is_shared) == ("Gone", False)
    edit = here.url(f"views/{saved.pk}/edit/")
    assert 'name="is_shared"' not in client.get(edit).content.decode()
    client.post(edit, {"name": "Left", "is_shared": "on", "version": 1})
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared) == ("Left", False)
    for role in ("csm", "manager", "admin"):
        assert 'name="is_shared"' in as_role(here, role).get(where).content.decode()


def test_what_was_shared_before_can_be_withdrawn(here, keep):
    saved = keep("executive", shared=True)
    client, edit = as_role(here, "executive"), here.url(f"views/{saved.pk}/edit/")
    assert 'name="is_shared"' in client.get(edit).content.decode()
    assert client.post(edit, {"name": "Owed", "version": 1}).status_code == 302
    saved.refresh_from_db()
    assert saved.is_shared is False


def test_own_views_come_first_then_what_others_share(here, keep):
    keep("manager", "Alpha", shared=True)
    keep("manager", "Private")
    keep("csm", "Zulu")
    refresh_book()

    def labels(role):
        return [tab["label"] for tab in as_role(here, role).get(here.url("book/")).context["tabs"]]

    assert labels("csm") == ["My accounts", "Zulu", "Alpha · Manager of Northwind"]
    assert labels("manager") == ["All accounts", "Alpha", "Private"]
    assert labels("executive") == ["All accounts", "Alpha · Manager of Northwind"]


def test_many_views_go_into_a_menu_and_the_current_one_stays_a_tab(here, keep):
    views = [keep("csm", f"V{n}") for n in range(9)]
    refresh_book()
    context = as_role(here, "csm").get(here.url(f"book/?view={views[8].pk}")).context
    assert [tab["label"] for tab in context["tabs"]][-2:] == ["V5", "V8"]
    assert [tab["label"] for tab in context["more_views"]] == ["V6", "V7"]


def test_my_accounts_is_current_only_where_it_is_true(here, keep):
    keep()
    refresh_book()
    for path, current in (("book/", ["My accounts"]), ("book/?owner=all", [])):
        tabs = as_role(here, "csm").get(here.url(path)).context["tabs"]
        assert [tab["label"] for tab in tabs if tab["current"]] == current


def test_only_the_owner_can_save_what_differs(here, keep):
    saved = keep(shared=True)
    refresh_book()
    path = here.url(f"book/?owner=all&stage=churned&view={saved.pk}")
    mine, others = (as_role(here, role).get(path).context for role in ("csm", "executive"))
    assert (mine["is_changed"], bool(mine["contents_url"])) == (True, True)
    assert (others["is_changed"], others["contents_url"], others["edit_view_url"]) == (True, "", "")
    sent = {"query": mine["view"].url(), "version": saved.version}
    url = here.url(f"views/{saved.pk}/contents/")
    assert as_role(here, "manager").post(url, sent).status_code == 404
    assert as_role(here, "csm").post(url, sent).status_code == 302
    saved.refresh_from_db()
    assert (saved.query, saved.columns, saved.version) == ("owner=all&stage=churned", [], 2)


@pytest.mark.parametrize("version", ["1", "x", "", "9" * 30])
def test_the_second_of_two_is_told_and_nothing_is_overwritten(here, keep, version):
    saved = keep()
    SavedView.objects.update(version=5)
    client = as_role(here, "csm")
    response = client.post(here.url(f"views/{saved.pk}/contents/"), {"query": "?q=x", "version": version})
    assert response.status_code == 409
    assert "Somebody else changed this" in response.content.decode()
    assert "Not saved</p>" in response.content.decode()
    response = client.post(here.url(f"views/{saved.pk}/edit/"), {"name": "Mine", "version": 1})
    assert response.status_code == 409
    assert "Not saved</p>" in response.content.decode()
    saved.refresh_from_db()
    assert (saved.name, saved.query, saved.version) == ("Owed", "owner=all&tier=none&sort=owed", 5)


def test_private_views_of_others_are_not_there(here, keep):
    saved = keep()
    for role in ("manager", "admin", "executive"):
        client = as_role(here, role)
        assert client.get(here.url(f"views/{saved.pk}/edit/")).status_code == 404
        assert client.post(here.url(f"views/{saved.pk}/removals/")).status_code == 404
    assert SavedView.objects.filter(pk=saved.pk).exists()


def test_managers_tidy_shared_views_and_others_do_not(here, keep):
    saved = keep(shared=True)
    edit = here.url(f"views/{saved.pk}/edit/")
    assert as_role(here, "executive").get(edit).status_code == 404
    manager = as_role(here, "manager")
    assert manager.post(edit, {"name": "Owed soon", "version": 1}).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared, saved.version) == ("Owed soon", False, 2)
    assert manager.get(edit).status_code == 404


def test_a_view_is_renamed_and_removed_by_its_owner(here, keep):
    saved, client = keep(), as_role(here, "csm")
    edit = here.url(f"views/{saved.pk}/edit/")
    assert client.post(edit, {"name": "New", "is_shared": "on", "version": 1}).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared) == ("New", True)
    assert client.post(here.url(f"views/{saved.pk}/removals/")).status_code == 302
    assert client.post(here.url(f"views/{saved.pk}/removals/")).status_code == 404
    assert list(SavedView.objects.all()) == []


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 81, "owed"])
def test_a_name_that_cannot_be_is_refused_and_kept(here, keep, name):
    keep()
    response = as_role(here, "csm").post(here.url("views/new/?stage=churned"), {"name": name})
    assert response.status_code == 422
    assert SavedView.objects.count() == 1


def test_the_same_name_twice_at_once_is_an_error_on_the_form(here, keep, monkeypatch):
    keep()
    monkeypatch.setattr("accounts.book.forms.ViewForm.clean_name", lambda form: "Owed")
    response = as_role(here, "csm").post(here.url("views/new/"), {"name": "Owed"})
    assert response.status_code == 422
    assert "There is a view of this name already" in response.content.decode()


def test_a_view_of_another_workspace_is_not_there(here, elsewhere, keep):
    elsewhere.open()
    foreign = save_view(MINE, by=BY, owner=elsewhere.members["csm"], name="Theirs", is_shared=True)
    here.open()
    refresh_book()
    assert as_role(here, "admin").get(here.url(f"views/{foreign.pk}/edit/")).status_code == 404
    assert as_role(here, "admin").get(here.url("book/")).context["tabs"] == []


def test_no_view_costs_a_query(here, keep):
    client, counts = as_role(here, "csm"), []
    refresh_book()
    path = here.url("book/?owner=all&cols=owed,late,tags&view=1")
    client.get(path)
    for number in (0, 1, 3):
        while SavedView.objects.count() < number:
            keep("manager", f"V{SavedView.objects.count()}", shared=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
