"""Changing many accounts: chosen, previewed, run at once or as a job, undone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.bulk import ACTIONS, plan_changes
from accounts.book.bulk_actions import run_bulk
from accounts.book.models import BookRow
from accounts.changes.actions import undo_changes
from accounts.changes.models import ChangedValue, ChangeSet
from accounts.changes.queries import reasons_of
from accounts.tiering.models import TierPlacement
from accounts.tiers.actions import add_tier
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import LeaseLost, Run, run_job
from tests.accounts.book.makers import make_book
from tests.kit import BY, client_of


@pytest.fixture
def tier(here):
    return add_tier(by=BY, name="Top")


@pytest.fixture
def five(here):
    return [account.pk for account in make_book([{"name": f"N{n}"} for n in range(5)])]


def get(here, path, role="csm"):
    return client_of(here.members[role]).get(here.url(path))


def intent_of(response):
    return re.search(r'name="intent" value="([^"]+)"', response.content.decode())[1]


def run(here, intent, role="csm"):
    return client_of(here.members[role]).post(here.url("book/bulk/runs/"), {"intent": intent})


def picked(ids, **more):
    pairs = [*(("ids", pk) for pk in ids), *more.items()]
    return "&".join(f"{name}={value}" for name, value in pairs)


def test_choose_shows_everything_that_can_be_done(here, five):
    response = get(here, f"book/bulk/?{picked(five[:2], do='stage')}")
    assert [(choice.name, choice.is_open) for choice in response.context["choices"]] == [
        ("assign", False),
        ("tier", False),
        ("stage", True),
        ("add_tag", False),
        ("remove_tag", False),
        ("refresh", False),
        ("playbook", False),
        ("qbrs", False),
    ]
    assert response.context["count"] == "2 accounts"


@pytest.mark.parametrize(
    "query", ["", "ids=x", "ids=", "all=1&query=?q=nothing-like-this", "ids=" + "9" * 30]
)
def test_nothing_selected_leads_back(here, five, query):
    for step in ("", "preview/"):
        response = get(here, f"book/bulk/{step}?{query}&do=stage&stage=trial")
        assert (response.status_code, response["Location"]) == (302, here.url("book/"))


def test_from_preview_to_the_change_and_back(here, five, tier):
    Account.objects.filter(pk=five[0]).update(tier_pinned=True)
    Account.objects.filter(pk=five[1]).update(tier=tier)
    path = f"book/bulk/preview/?{picked(five[:4], do='tier', tier=tier.pk, reason='They grew')}"
    response = get(here, path)
    found = response.context["preview"]
    assert (found.count, found.button) == (2, "Change 2 accounts")
    assert found.rows == [("N2", "No tier", "Top"), ("N3", "No tier", "Top")]
    assert found.passed == [("1 account", "already so", "N1"), ("1 account", "pinned to the tier", "N0")]
    assert Account.objects.filter(tier=tier).count() == 1
    answer = run(here, intent_of(response))
    done = ChangeSet.objects.get()
    assert answer["Location"] == here.url(f"changes/{done.pk}/")
    assert (done.title, done.reason, done.asked, done.made) == ("Tier set to Top", "They grew", 4, 2)
    assert set(BookRow.objects.filter(tier=tier).values_list("name", flat=True)) == {"N2", "N3"}
    assert set(TierPlacement.objects.filter(account_id__in=five[2:4]).values_list("reason", flat=True)) == {
        "They grew"
    }
    page = client_of(here.members["csm"]).get(answer["Location"])
    assert page.context["reasons"] == "1 already so, 1 pinned to the tier"
    assert "1 already so, 1 pinned to the tier</dd>" in page.text
    undo_changes(done, by=BY)
    assert list(Account.objects.filter(tier=tier).values_list("name", flat=True)) == ["N1"]


def test_each_action_in_words(here, five):
    csm = here.members["csm"]
    Account.objects.filter(pk=five[0]).update(tags=["vip"], owner=csm, stage="trial")

    def plan(do, **params):
        found = plan_changes(ACTIONS[do], five[:2], params)
        return [(change.before, change.after) for change in found.changes], ACTIONS[do].title(params)

    assert plan("assign", owner=csm.pk) == ([(None, csm.pk)], "Owner set to Csm of Northwind")
    assert plan("assign", owner=None) == ([(csm.pk, None)], "Owner set to Nobody")
    assert plan("stage", stage="trial") == ([("onboarding", "trial")], "Stage set to Trial")
    assert plan("add_tag", tag="vip") == ([([], ["vip"])], "Tag “vip” added")
    assert plan("remove_tag", tag="vip") == ([(["vip"], [])], "Tag “vip” removed")


def test_a_full_list_of_tags_is_passed_over(here, five):
    Account.objects.filter(pk=five[0]).update(tags=[f"t{n}" for n in range(20)])
    plan = plan_changes(ACTIONS["add_tag"], five[:1], {"tag": "more"})
    assert (plan.changes, plan.passed) == ([], {"with 20 tags already": ["N0"]})


def test_a_filter_is_taken_as_a_whole(here, five):
    preview = get(here, "book/bulk/preview/?all=1&query=%3Fowner%3Dnone&do=add_tag&tag=eu")
    assert preview.context["preview"].count == 5
    run(here, intent_of(preview))
    assert Account.objects.filter(tags=["eu"]).count() == 5


def test_a_filter_that_gives_other_accounts_now_is_said_and_changes_nothing(here, five):
    preview = get(here, "book/bulk/preview/?all=1&query=%3Fowner%3Dnone&do=add_tag&tag=eu")
    Account.objects.filter(pk=five[0]).update(owner=here.members["csm"])
    refresh_book()
    answer = run(here, intent_of(preview))
    assert answer.status_code == 409
    assert "it was 5, it is 4 accounts now" in answer.content.decode()
    assert ChangeSet.objects.count() == 0
    assert run(here, intent_of(answer)).status_code == 302
    assert Account.objects.filter(tags=["eu"]).count() == 4


def test_a_value_changed_after_the_preview_is_shown_again_and_not_overwritten(here, five):
    preview = get(here, f"book/bulk/preview/?{picked(five, do='stage', stage='churned')}")
    Account.objects.filter(pk=five[0]).update(stage="renewing")
    answer = run(here, intent_of(preview))
    assert answer.status_code == 409
    assert "Some of these accounts were changed after they had been looked at." in answer.content.decode()
    assert answer.context["preview"].rows[0] == ("N0", "Renewing", "Churned")
    assert (ChangeSet.objects.count(), Account.objects.filter(stage="churned").count()) == (0, 0)
    assert run(here, intent_of(answer)).status_code == 302
    assert Account.objects.filter(stage="churned").count() == 5
    assert ChangedValue.objects.get(account_id=five[0]).before == "renewing"


@pytest.mark.parametrize(
    "meanwhile", [{"tags": ["eu"]}, {"stage": "trial"}, {"name": "Z0"}], ids=["tags", "stage", "name"]
)
def test_only_the_values_that_would_change_count(here, five, meanwhile):
    preview = get(here, f"book/bulk/preview/?{picked(five, do='stage', stage='churned')}")
    Account.objects.filter(pk=five[0]).update(**meanwhile)
    assert run(here, intent_of(preview)).status_code == (409 if "stage" in meanwhile else 302)


def test_who_is_pinned_after_the_preview_is_shown_as_passed_over(here, five, tier):
    path = f"book/bulk/preview/?{picked(five[:2], do='tier', tier=tier.pk, reason='x')}"
    intent = intent_of(get(here, path))
    Account.objects.filter(pk=five[1]).update(tier_pinned=True)
    answer = run(here, intent)
    assert answer.status_code == 409
    assert answer.context["preview"].passed == [("1 account", "pinned to the tier", "N1")]


def test_what_changes_before_a_job_starts_is_shown_again(here, five, small):
    preview = get(here, f"book/bulk/preview/?{picked(five, do='stage', stage='churned')}")
    Account.objects.filter(pk=five[4]).update(stage="renewing")
    assert run(here, intent_of(preview)).status_code == 409
    assert (ChangeSet.objects.count(), Job.objects.count()) == (0, 0)


def test_what_changes_while_a_job_waits_stays_as_it_is(here, five, small):
    preview = get(here, f"book/bulk/preview/?{picked(five, do='stage', stage='churned')}")
    run(here, intent_of(preview))
    job = Job.objects.get(kind="book.bulk")
    Account.objects.filter(pk=five[3]).update(stage="renewing")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    job.refresh_from_db()
    assert (job.result["changed"], job.result["passed_over"]) == (4, 1)
    assert reasons_of(ChangeSet.objects.get()) == "1 changed by somebody else meanwhile"
    assert Account.objects.get(pk=five[3]).stage == "renewing"


def test_a_tag_is_the_same_in_any_case(here, five):
    Account.objects.filter(pk=five[0]).update(tags=["Nordics", "vip"])

    def plan(do, tag):
        found = plan_changes(ACTIONS[do], five[:1], {"tag": tag})
        return [change.after for change in found.changes], found.passed

    assert plan("add_tag", "nordics") == ([], {"already so": ["N0"]})
    assert plan("remove_tag", "NORDICS") == ([["vip"]], {})


def test_the_same_intent_twice_changes_nothing_more(here, five):
    intent = intent_of(get(here, f"book/bulk/preview/?{picked(five, do='stage', stage='churned')}"))
    first, second = run(here, intent), run(here, intent)
    assert [(done.asked, done.made) for done in ChangeSet.objects.order_by("pk")] == [(5, 5)]
    assert second["Location"] == here.url("changes/")
    assert first["Location"] != second["Location"]


@pytest.mark.parametrize(
    "query",
    [
        "do=tier&tier=none",
        "do=tier&reason=x",
        "do=tier&tier=999999&reason=x",
        "do=stage&stage=dead",
        "do=assign&owner=",
        "do=add_tag&tag=a,b",
        "do=add_tag&tag=a%3Bb",
        "do=add_tag&tag=a%07b",
        "do=add_tag&tag=%3B",
        "do=add_tag&tag=" + "x" * 41,
        "do=add_tag&tag=a%00b",
        "do=qbrs&period=2199-Q1",
    ],
)
def test_what_cannot_be_is_refused_on_its_form(here, five, query):
    response = get(here, f"book/bulk/preview/?{picked(five[:1])}&{query}")
    assert response.status_code == 422
    assert [choice.name for choice in response.context["choices"] if choice.is_open] == [
        query.split("&")[0].removeprefix("do=")
    ]


@pytest.mark.parametrize("intent", ["", "x", "W10:1abc:zzz", "\x00"])
def test_a_forged_intent_is_not_there(here, intent):
    assert run(here, intent).status_code == 404


def test_an_intent_of_another_workspace_is_not_there(here, elsewhere, five):
    intent = intent_of(get(here, f"book/bulk/preview/?{picked(five, do='stage', stage='churned')}"))
    elsewhere.open()
    assert run(elsewhere, intent).status_code == 404


def test_foreign_accounts_are_not_reached(here, elsewhere, five):
    response = get(here, f"book/bulk/preview/?{picked([elsewhere.account.pk], do='stage', stage='churned')}")
    assert response.context["preview"].count == 0
    run_bulk(ACTIONS["stage"], [elsewhere.account.pk], {"stage": "churned"}, by=BY)
    elsewhere.open()
    assert Account.objects.get().stage == "onboarding"


def test_a_tier_that_went_meanwhile_changes_nothing(here, five, tier):
    path = f"book/bulk/preview/?{picked(five, do='tier', tier=tier.pk, reason='x')}"
    intent = intent_of(get(here, path))
    tier.delete()
    answer = run(here, intent)
    assert answer.status_code == 302
    assert here.url("book/bulk/") in answer["Location"]
    assert ChangeSet.objects.count() == 0


def test_readers_may_not(here, five):
    for step in ("", "preview/"):
        assert get(here, f"book/bulk/{step}?{picked(five)}", role="executive").status_code == 403
    assert run(here, "x", role="executive").status_code == 403


@pytest.fixture
def small(monkeypatch):
    """More than two accounts are many."""
    monkeypatch.setattr("accounts.book.bulk_actions.CHUNK", 2)
    monkeypatch.setattr("accounts.book.jobs.CHUNK", 2)


def start(here, ids):
    change_set, job = run_bulk(ACTIONS["add_tag"], ids, {"tag": "eu"}, by=BY)
    return change_set, job


def test_many_are_changed_by_a_job_that_leads_to_its_page(here, five, small):
    change_set, job = start(here, five)
    assert Account.objects.filter(tags=["eu"]).count() == 0
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    change_set.refresh_from_db()
    assert (change_set.asked, change_set.made, Account.objects.filter(tags=["eu"]).count()) == (5, 5, 5)
    job.refresh_from_db()
    url = here.url(f"changes/{change_set.pk}/")
    assert job.result == {"changed": 5, "passed_over": 0, "url": url}


def test_the_reasons_of_all_parts_are_counted_together(here, five, small):
    Account.objects.filter(pk__in=five[1:4]).update(tags=["eu"])
    Account.objects.filter(pk=five[4]).update(tags=[f"t{n}" for n in range(20)])
    change_set, job = start(here, five)
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    assert reasons_of(change_set) == "3 already so, 1 with 20 tags already"


def test_a_run_that_dies_half_way_leaves_whole_parts_and_the_next_goes_on(here, five, small, monkeypatch):
    change_set, job = start(here, five)
    steps = []
    hold = Run.hold

    def die_in_the_second(self):
        steps.append(1)
        if len(steps) == 2:
            raise LeaseLost("gone")
        return hold(self)

    monkeypatch.setattr(Run, "hold", die_in_the_second)
    assert run_job(here.workspace.pk, job.pk) is None
    change_set.refresh_from_db()
    assert (change_set.asked, change_set.made, ChangedValue.objects.count()) == (2, 2, 2)
    # Somebody takes the tag off again: what was looked at is not looked at again.
    Account.objects.filter(pk=five[0]).update(tags=[])
    monkeypatch.setattr(Run, "hold", hold)
    Job.objects.update(lease_until=None, status="queued")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    change_set.refresh_from_db()
    assert (change_set.asked, change_set.made) == (5, 5)
    assert Account.objects.filter(tags=["eu"]).count() == 4
    assert undo_changes(change_set, by=BY).undone == 4


def test_undone_while_it_waits_it_stops(here, five, small):
    change_set, job = start(here, five)
    undo_changes(change_set, by=BY)
    assert run_job(here.workspace.pk, job.pk) == "dead"
    job.refresh_from_db()
    assert job.error.startswith("The change was undone while it ran.")
    assert Account.objects.filter(tags=["eu"]).count() == 0


def test_the_statements_do_not_depend_on_the_number_of_accounts(here, five):
    counts = []
    for ids in (five[:1], five[1:4]):
        with CaptureQueriesContext(connection) as queries:
            run_bulk(ACTIONS["add_tag"], ids, {"tag": "eu"}, by=BY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
