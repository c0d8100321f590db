"""The job that refreshes how accounts stand tells who listens to the book."""

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from playbooks.attention.actions import refresh_standing
from tests.kit import BY


def test_a_changed_standing_is_announced_once(here, elsewhere):
    def told():
        job = start_job("attention.refresh", "Refresh", by=BY, account_ids=[here.account.pk])
        assert run_job(here.workspace.pk, job.pk) == "succeeded"
        here.open()
        return list(Job.objects.filter(kind="segments.refresh").values_list("args", flat=True))

    refresh_book()
    BookRow.objects.update(attention=77)
    assert told() == [{"account_ids": [here.account.pk]}]
    assert len(told()) == 1, "nothing changed"


def test_only_the_accounts_that_changed_are_announced(here, elsewhere):
    other = Account.objects.create(name="Other")
    refresh_book()
    refresh_standing([here.account.pk, other.pk])
    BookRow.objects.filter(account=other).update(attention=77)
    job = start_job("attention.refresh", "Refresh", by=BY, account_ids=[here.account.pk, other.pk])
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    here.open()
    told = Job.objects.filter(kind="segments.refresh").values_list("args", flat=True)
    assert list(told) == [{"account_ids": [other.pk]}]
