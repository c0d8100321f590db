"""The pages of capacity: numbers, warnings, what is refused, who may do what."""

import pytest

from playbooks.capacity.models import Absence, CsmCapacity
from tests.kit import client_of
from tests.playbooks.capacity.kit import D, hire, promise, sign

PAGE_QUERIES = 28


@pytest.fixture
def priya(here):
    """A CSM with 25 accounts of 16 h."""
    member = hire(here, "Priya")
    tier, _ = promise()
    sign(25, member, tier)
    return member


def plain(text):
    return str(text).replace("\u00a0", " ")


def messages(response):
    return [str(one) for one in response.context["messages"]]


def test_over_commitment_is_said_and_leads_to_the_accounts(here, manager, priya):
    page = manager.get(here.url("capacity/"))
    (found,) = page.context["warnings"]
    assert plain(found.text) == (
        "Priya is promised 400 h in Q2 2030 and has 331.5 h: 68.5 h too much, 25 accounts"
    )
    assert found.url == here.url(f"capacity/csms/{priya.pk}/?quarter=2030-Q2")
    assert [plain(cell.words) for cell in page.context["lines"][1].cells] == ["+68.5 h too much"] * 5
    behind = manager.get(found.url)
    rows = behind.context["page"].rows
    assert (len(rows), rows[0].parts.replace("\u00a0", " ")) == (25, "Top review 16 h")
    assert plain(behind.context["page"].words) == "+68.5 h too much"


def test_nothing_of_others_is_shown(here, elsewhere, priya):
    page = client_of(elsewhere.members["manager"]).get(elsewhere.url("capacity/"))
    assert [line.name for line in page.context["lines"]] == ["Csm of Northwind Traders"]
    stranger = client_of(elsewhere.members["admin"])
    for path in (f"capacity/csms/{priya.pk}/", f"capacity/csms/{priya.pk}/edit/"):
        assert stranger.get(elsewhere.url(path)).status_code == 404


def test_empty_workspace_says_what_to_do(here, manager):
    from csworkspace.people.models import Membership

    assert "No tier promises anything yet" in manager.get(here.url("capacity/")).text
    here.account.delete()
    Membership.objects.filter(role="csm").update(is_active=False)
    assert "No CSM yet" in manager.get(here.url("capacity/")).text


def test_page_takes_a_constant_number_of_queries(here, manager, priya, django_assert_num_queries):
    manager.get(here.url("capacity/"))
    with django_assert_num_queries(PAGE_QUERIES):
        manager.get(here.url("capacity/"))
    for name in ("Helen", "Jonas", "Nora"):
        sign(3, hire(here, name, 30), None, name=name)
    with django_assert_num_queries(PAGE_QUERIES):
        assert len(manager.get(here.url("capacity/")).context["lines"]) == 5


def test_accounts_behind_come_in_pages(here, manager, priya, monkeypatch):
    from playbooks.capacity import pages

    monkeypatch.setattr(pages, "PAGE", 10)
    url = here.url(f"capacity/csms/{priya.pk}/")
    first = manager.get(url)
    assert (first.context["summary"], len(first.context["page"].rows)) == ("1–10 of 25", 10)
    last = manager.get(manager.get(first.context["next_url"]).context["next_url"])
    assert (last.context["summary"], last.context["next_url"]) == ("21–25 of 25", "")
    for strange in ("?quarter=x&after=x", "?after=99999999999999", "?after=-1", "?after=²"):
        assert manager.get(url + strange).context["quarter"] == "Q2 2030"


def test_accounts_without_owner_have_a_page(here, manager, priya):
    sign(2, None, None, name="Orphan")
    page = manager.get(here.url("capacity/nobody/"))
    assert [row.name for row in page.context["page"].rows] == ["Orphan 1", "Orphan 2"]


def test_executives_read_and_change_nothing(here, priya):
    reader = client_of(here.members["executive"])
    for path in ("capacity/", f"capacity/csms/{priya.pk}/", "capacity/calculator/", "capacity/scenarios/"):
        page = reader.get(here.url(path))
        assert page.status_code == 200
        assert 'method="post"' not in page.text.split('id="main"')[1].split("<footer")[0]
    assert reader.get(here.url(f"capacity/csms/{priya.pk}/edit/")).status_code == 403
    assert reader.post(here.url("capacity/proposals/")).status_code == 403


TIME = {"hours_per_week": "32", "meeting_share": "20", "leave_share": "10.5", "version": "0"}


def test_working_time_is_saved(here, manager, priya):
    url = here.url(f"capacity/csms/{priya.pk}/edit/")
    words = {"languages": "German, english,German", "regions": "UK", "skills": "<b>SAP</b>"}
    assert manager.post(url, TIME | words)["Location"] == url
    row = CsmCapacity.objects.get(membership=priya)
    assert (row.hours_per_week, row.meeting_share, row.leave_share) == (32, D("0.2"), D("0.105"))
    assert (row.languages, row.regions, row.skills) == (["german", "english"], ["uk"], ["<b>sap</b>"])
    page = manager.get(url)
    assert 'value="10.5"' in page.text
    assert "<b>sap" not in page.text
    late = manager.post(url, TIME | {"hours_per_week": "8"})
    assert (late.status_code, messages(late)[0][:40]) == (409, "Somebody else changed this after you ope")
    assert CsmCapacity.objects.get(membership=priya).hours_per_week == 32


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("hours_per_week", "81", "Write a number from 0 to 80."),
        ("hours_per_week", "-1", "Write a number from 0 to 80."),
        ("hours_per_week", "NaN", "Write a number from 0 to 80."),
        ("hours_per_week", "99999", "Write a number from 0 to 80."),
        ("hours_per_week", "1e400", "Write a number from 0 to 80."),
        ("hours_per_week", "7.125", "Write 2 decimals at most."),
        ("meeting_share", "101", "Write a number from 0 to 100."),
        ("meeting_share", "-0.1", "Write a number from 0 to 100."),
        ("meeting_share", "2.25", "Write 1 decimal at most."),
        ("leave_share", "", "This field is required."),
        ("leave_share", "abc", "Write a number from 0 to 100."),
    ],
)
def test_impossible_time_is_refused(here, manager, priya, field, typed, said):
    refused = manager.post(here.url(f"capacity/csms/{priya.pk}/edit/"), TIME | {field: typed})
    assert (refused.status_code, refused.context["form"].errors) == (422, {field: [said]})
    assert not CsmCapacity.objects.filter(membership=priya).exists()


def test_absences_are_added_and_removed(here, manager, priya):
    url = here.url(f"capacity/csms/{priya.pk}/absences/")
    days = {"starts_on": "2030-07-01", "ends_on": "2030-12-31", "note": "Leave"}
    manager.post(url, days)
    page = manager.get(here.url(f"capacity/csms/{priya.pk}/edit/"))
    assert [(one["days"], one["note"]) for one in page.context["absences"]] == [
        ("1 Jul – 31 Dec 2030", "Leave")
    ]
    assert [plain(hours) for _, hours in page.context["hours"]] == [
        "331.5 h",
        "0 h",
        "0 h",
        "331.5 h",
        "331.5 h",
    ]
    for wrong in (
        {"ends_on": "2030-06-30"},
        {"ends_on": "2040-01-01"},
        {"starts_on": "0202-01-01"},
        {"ends_on": "x"},
    ):
        assert manager.post(url, days | wrong).status_code == 422
    gone = here.url(f"capacity/absences/{Absence.objects.get().pk}/removals/")
    assert manager.post(gone).status_code == 302
    assert manager.post(gone).status_code == 404
    assert Absence.objects.count() == 0


def test_inverse_question(here, manager, priya):
    page = manager.get(here.url("capacity/calculator/"))
    answer = page.context["answer"]
    assert plain(answer["formula"]) == "40 h × 13 weeks × (1 − 25.0% meetings) × (1 − 15.0% leave) = 331.5 h"
    assert plain(answer["division"]) == "331.5 h ÷ 16 h an account = 20.7 accounts"
    assert [level["name"] for level in page.context["levels"]] == ["Top"]
    assert (plain(answer["whole"]), plain(answer["left"])) == ("20 whole accounts, 320 h", "11.5 h free")
    other = manager.get(here.url("capacity/calculator/") + page.context["levels"][0]["query"])
    assert other.context["answer"] == answer
    for wrong in ("0", "-1", "x", "1e400"):
        query = f"?hours_per_week=40&meeting_share=25&leave_share=15&hours_an_account={wrong}"
        refused = manager.get(here.url(f"capacity/calculator/{query}"))
        assert (refused.status_code, refused.context["answer"]) == (422, None)
        errors = refused.context["form"].errors["hours_an_account"]
        assert errors == ["Write a number from 0.01 to 1,000."]
