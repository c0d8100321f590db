"""Drafting the business reviews of a selection."""

import pytest

from accounts.accounts.actions import create_account
from accounts.book.actions import refresh_book
from csworkspace.jobs.runner import run_job
from reports.reports.actions import request_report
from reports.reports.bulk import period_form, start_drafts
from reports.reports.models import Report
from tests.kit import BY, client_of

PERIOD = "2026-Q1"


@pytest.fixture
def accounts(here):
    return [here.account, *(create_account(by=BY, name=f"N{n}") for n in range(2))]


def drafted():
    return sorted(Report.objects.values_list("account__name", "kind", "period"))


def test_each_account_gets_a_draft_once(here, accounts, monkeypatch):
    monkeypatch.setattr("reports.reports.jobs.PART", 2)
    ids = [account.pk for account in accounts]
    expected = [(name, "qbr", PERIOD) for name in ("Acme Industries", "N0", "N1")]
    for _ in range(2):
        job = start_drafts(ids, by=BY, period=PERIOD)
        assert run_job(here.workspace.pk, job.pk) == "succeeded"
        assert drafted() == expected
    job.refresh_from_db()
    assert job.result == {"accounts": 3, "new_drafts": 0}


def test_an_issued_review_of_the_period_is_enough(here, accounts):
    refresh_book()
    issued = request_report(here.account, "qbr", PERIOD, by=BY)
    Report.objects.filter(pk=issued.pk).update(issued_at="2026-04-02T09:00:00Z")
    page = client_of(here.members["csm"]).get(
        here.url(f"book/bulk/preview/?all=1&query=&do=qbrs&period={PERIOD}")
    )
    found = page.context["preview"]
    assert (found.count, found.rows) == (2, [("N0", "", ""), ("N1", "", "")])
    assert found.passed == [("1 account", f"has a QBR on {PERIOD} already", "Acme Industries")]
    job = start_drafts([here.account.pk], by=BY, period=PERIOD)
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    assert Report.objects.count() == 1


def test_a_period_that_never_comes_is_refused(here, accounts):
    job = start_drafts([here.account.pk], by=BY, period="2199-Q1")
    assert run_job(here.workspace.pk, job.pk) == "dead"
    assert drafted() == []
    assert not period_form({"period": "2199-Q1"}).is_valid()


def test_foreign_accounts_get_none(here, elsewhere):
    job = start_drafts([elsewhere.account.pk], by=BY, period=PERIOD)
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    assert drafted() == []
    elsewhere.open()
    assert drafted() == []
