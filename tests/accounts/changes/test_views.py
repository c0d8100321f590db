"""The pages of change sets: what was changed together, and setting it back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.actions import change_stage, create_account
from accounts.accounts.models import Account
from accounts.changes.actions import append_changes, apply_changes, open_changes, undo_changes
from accounts.changes.fields import Change
from accounts.changes.models import ChangeSet
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from tests.kit import BY, client_of


@pytest.fixture
def change(here):
    def do(*accounts, kind="bulk", title="Stage set to Churned", reason=""):
        changes = [Change(account.pk, "stage", account.stage, "churned") for account in accounts]
        return apply_changes(kind, title, changes, by=BY, reason=reason)

    return do


def get(here, path, role="executive"):
    return client_of(here.members[role]).get(here.url(path))


def undo(here, done, role="csm", **data):
    return client_of(here.members[role]).post(here.url(f"changes/{done.pk}/undos/"), data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_no_changes_yet_says_what_to_do(here):
    assert "No changes yet" in get(here, "changes/").content.decode()


def test_the_list_tells_what_by_whom_and_whether_it_holds(here, change):
    first = change(here.account, title="First <b>")
    change(create_account(by=BY, name="Other"), title="Second", kind="inline")
    undo_changes(first, by=BY)
    response = get(here, "changes/")
    assert [(s.title, s.kind, s.by, s.made, s.is_undone) for s in response.context["sets"]] == [
        ("Second", "One value in the book", "Test", "1", False),
        ("First <b>", "Several accounts at once", "Test", "1", True),
    ]
    assert "First &lt;b&gt;" in response.content.decode()


def test_a_change_set_shows_each_value_in_words(here, change):
    other = create_account(by=BY, name="Other <i>")
    done = change(here.account, other, reason="They left")
    append_changes(done, [Change(other.pk, "tags", [], ["x"])], by=BY, looked_at=3)
    response = get(here, f"changes/{done.pk}/")
    assert [(v.account, v.field, v.before, v.after) for v in response.context["values"]] == [
        ("Acme Industries", "Stage", "Onboarding", "Churned"),
        ("Other <i>", "Stage", "Onboarding", "Churned"),
        ("Other <i>", "Tags", "No tags", "x"),
    ]
    assert response.context["change_set"].passed_over == 2
    assert response.context["reasons"] == "2 changed by somebody else meanwhile"
    assert "They left" in response.content.decode()
    assert "Undo all of it" not in response.content.decode()
    assert "Undo all of it" in get(here, f"changes/{done.pk}/", "csm").content.decode()


def test_values_are_paged_at_a_hundred(here, change):
    done = change(*[Account.objects.create(name=f"N{n:03}") for n in range(101)])
    first = get(here, f"changes/{done.pk}/")
    second = get(here, f"changes/{done.pk}/{first.context['next_url']}")
    assert [len(page.context["values"]) for page in (first, second)] == [100, 1]
    assert (second.context["values"][0].account, second.context["next_url"]) == ("N100", "")


def test_sets_are_paged_at_fifty(here, change):
    for number in range(51):
        open_changes("bulk", f"S{number}", by=BY)
    first = get(here, "changes/")
    second = get(here, "changes/" + first.context["next_url"])
    assert [len(page.context["sets"]) for page in (first, second)] == [50, 1]
    assert second.context["sets"][0].title == "S0"
    for nothing in ("9" * 40, "x", "-1"):
        again = get(here, f"changes/?before={nothing}")
        assert [found.title for found in again.context["sets"]] == [f"S{n}" for n in range(50, 0, -1)]


def test_undo_sets_back_and_says_what_stayed(here, change):
    other = create_account(by=BY, name="Other")
    done = change(here.account, other)
    other.refresh_from_db()
    change_stage(other, by=BY, stage="renewing")
    response = undo(here, done)
    assert said(response) == [
        "Undone: Stage set to Churned. 1 value stayed: changed since, or not possible any more. "
        "Attention follows in a moment."
    ]
    assert dict(Account.objects.values_list("name", "stage")) == {
        "Acme Industries": "onboarding",
        "Other": "renewing",
    }
    page = get(here, f"changes/{done.pk}/", "csm").content.decode()
    assert "1 of 2 changes set back" in page
    assert "Undo all of it" not in page


def test_undone_twice_says_so_and_changes_nothing(here, change):
    done = change(here.account)
    undo(here, done)
    here.account.refresh_from_db()
    change_stage(here.account, by=BY, stage="churned")
    response = undo(here, done)
    assert (response.status_code, said(response)) == (200, ["This was undone already."])
    assert Account.objects.get().stage == "churned"


def test_very_many_are_set_back_by_one_job_that_leads_to_the_page(here, change, monkeypatch):
    monkeypatch.setattr("accounts.changes.views.AT_ONCE", 0)
    done = change(here.account)
    client, url = client_of(here.members["csm"]), here.url(f"changes/{done.pk}/undos/")
    first, second = client.post(url), client.post(url)
    job = Job.objects.get(kind="undo changes")
    assert first["Location"] == second["Location"] == here.url(f"jobs/{job.pk}/")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    job.refresh_from_db()
    assert job.result == {"set_back": 1, "of": 1, "url": here.url(f"changes/{done.pk}/")}
    assert Account.objects.get().stage == "onboarding"
    assert said(undo(here, done)) == ["This was undone already."]


@pytest.mark.parametrize(
    ("next_", "expected"),
    [
        ("/w/northwind/book/?sort=arr", "/w/northwind/book/?sort=arr"),
        ("https://evil.example/", None),
        ("", None),
    ],
)
def test_undo_leads_back_and_never_away(here, change, next_, expected):
    done = change(here.account)
    url = here.url(f"changes/{done.pk}/undos/")
    response = client_of(here.members["csm"]).post(url, {"next": next_})
    assert response["Location"] == (expected or here.url(f"changes/{done.pk}/"))


@pytest.mark.parametrize("kind", ["suggestion", "scenario"])
def test_what_a_manager_decided_a_csm_does_not_set_back(here, change, kind):
    done = change(here.account, kind=kind)
    assert "Undo all of it" not in get(here, f"changes/{done.pk}/", "csm").content.decode()
    assert undo(here, done).status_code == 403
    assert ChangeSet.objects.get().undone_at is None
    assert said(undo(here, done, "manager")) == [
        "Undone: Stage set to Churned. Attention follows in a moment."
    ]


def test_readers_cannot_undo_and_others_see_nothing(here, elsewhere, change):
    done = change(here.account)
    assert undo(here, done, "executive").status_code == 403
    assert get(here, f"changes/{done.pk}/", "viewer").status_code == 404
    stranger = client_of(elsewhere.members["admin"])
    elsewhere.open()
    assert stranger.get(elsewhere.url(f"changes/{done.pk}/")).status_code == 404
    assert stranger.post(elsewhere.url(f"changes/{done.pk}/undos/")).status_code == 404
    assert stranger.get(elsewhere.url("changes/")).context["sets"] == []
    here.open()
    assert ChangeSet.objects.get().undone_at is None


def test_no_change_costs_a_query(here, change):
    client, counts = client_of(here.members["csm"]), []
    accounts = [here.account, *(create_account(by=BY, name=f"N{n}") for n in range(3))]
    for some in (accounts[:1], accounts[1:4]):
        done = change(*some)
        with CaptureQueriesContext(connection) as queries:
            client.get(here.url(f"changes/{done.pk}/"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_parts_add_up_until_it_is_undone(here):
    other = create_account(by=BY, name="Other")
    done = open_changes("bulk", "In parts", by=BY)
    for account in (here.account, other):
        made = append_changes(done, [Change(account.pk, "tags", [], ["x"])], by=BY, looked_at=10)
        assert [change.account_id for change in made] == [account.pk]
    assert (done.asked, done.made) == (20, 2)
    assert undo_changes(done, by=BY).undone == 2
    with pytest.raises(ValueError, match="undone before it was complete"):
        append_changes(done, [Change(other.pk, "tags", [], ["y"])], by=BY)
