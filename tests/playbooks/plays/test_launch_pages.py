"""The pages of launches, and starts of many from the book."""

import pytest

from accounts.accounts.models import Account
from csworkspace.jobs.models import Job
from playbooks.plays.bulk import START_PLAYBOOK
from playbooks.plays.launching import open_launch
from playbooks.plays.models import Launch, Play
from tests.kit import BY
from tests.playbooks.plays.kit import make_playbook, step, work


@pytest.fixture
def launch(here, doing):
    playbook = make_playbook(steps=[step("m", "email"), step("t", "task", hours="1.5")])
    ids = [Account.objects.create(name=f"A{number}").pk for number in range(30)]
    version = playbook.versions.get()
    return open_launch(playbook, version, ids, by=BY, cause="x", words="Because", asks=True)


def test_a_launch_says_whom_it_passed_over_and_why(here, csm, launch):
    Launch.objects.update(
        passed={"it has churned": [here.account.pk], "it runs there already": [10**9, 10**9 + 1]}
    )
    page = csm.get(here.url(f"launches/{launch.pk}/"))
    assert [(one.why, one.accounts) for one in page.context["passed"]] == [
        ("2 accounts: it runs there already", []),
        ("1 account: it has churned", [(here.account.pk, here.account.name)]),
    ]
    assert here.url(f"accounts/{here.account.pk}/") in page.text


def test_a_launch_shows_its_effort_and_is_answered_by_a_manager(here, csm, manager, launch):
    url = here.url(f"launches/{launch.pk}/")
    page = csm.get(url)
    assert [(figure["label"], figure["value"]) for figure in page.context["figures"]] == [
        ("Accounts", "30"),
        ("E-mails to customers", "30"),
        ("Tasks for colleagues", "30"),
        ("Hours of work", "45"),
    ]
    assert (len(page.context["accounts"]), page.context["may_decide"]) == (30, False)
    assert csm.post(f"{url}approvals/", {"per_day": 5}).status_code == 403
    assert manager.post(f"{url}approvals/", {"per_day": 0}).status_code == 422
    assert manager.post(f"{url}approvals/", {"per_day": 5, "asked": 29}).status_code == 409
    assert manager.post(f"{url}approvals/", {"per_day": 10, "asked": 30}).status_code == 302
    launch.refresh_from_db()
    assert (launch.state, launch.decided_by) == ("running", "Manager of Northwind")
    assert manager.post(f"{url}refusals/").status_code == 302, "too late"
    launch.refresh_from_db()
    assert launch.state == "running"
    assert manager.post(f"{url}stops/", {"reason": "Enough"}).status_code == 302
    assert csm.get(here.url("launches/")).context["rows"][0].state_word == "Stopped"


def test_a_launch_is_refused(here, manager, launch):
    manager.post(here.url(f"launches/{launch.pk}/refusals/"), {"reason": "No"})
    assert Launch.objects.get().state == "refused"


def test_the_book_starts_a_few_and_asks_for_many(here, manager, doing):
    playbook = make_playbook()
    ids = [Account.objects.create(name=f"A{number}").pk for number in range(29)]
    by = BY
    form = START_PLAYBOOK.form({"playbook": str(playbook.pk)})
    assert form.is_valid()
    START_PLAYBOOK.start(ids[:3], by=by, **form.cleaned_data)
    work(here)
    assert (Play.objects.count(), Launch.objects.count()) == (3, 0)
    runs = START_PLAYBOOK.passed(ids, **form.cleaned_data)
    assert {reason: len(found) for reason, found in runs.items()} == {"it runs there already": 3}
    START_PLAYBOOK.start(ids, by=by, **form.cleaned_data)
    work(here)
    assert (Play.objects.count(), Launch.objects.get().asked) == (3, 26)
    job = Job.objects.filter(kind="plays.start_many").last()
    assert job.result["url"] == here.url(f"launches/{Launch.objects.get().pk}/")
