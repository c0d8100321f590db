"""Refreshing how a selection of accounts stands."""

from accounts.accounts.actions import create_account
from accounts.book.bulk_slots import bulk_jobs
from csworkspace.jobs.runner import run_job
from tests.kit import BY, client_of


def test_the_book_offers_it_and_starts_it_for_the_selection(here):
    other = create_account(by=BY, name="Other")
    job = bulk_jobs()["refresh"].start([here.account.pk, other.pk], by=BY)
    assert job.title == "Refresh how 2 accounts stand"
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    job.refresh_from_db()
    assert job.result["accounts"] == 2


def test_from_the_books_page_to_the_jobs_page(here):
    client = client_of(here.members["csm"])
    page = client.get(here.url(f"book/bulk/preview/?ids={here.account.pk}&do=refresh"))
    assert (page.context["preview"].button, page.context["preview"].rows) == (
        "Start for 1 account",
        [("Acme Industries", "", "")],
    )
    answer = client.post(here.url("book/bulk/runs/"), {"intent": page.context["intent"]})
    assert answer["Location"].startswith(here.url("jobs/"))
