"""The job that refreshes how accounts stand tells who listens to the book."""

from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
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
