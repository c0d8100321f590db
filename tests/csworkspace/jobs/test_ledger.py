"""The state changes of a job row, in one process."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from csworkspace.audit.models import AuditEntry
from csworkspace.files.models import StoredFile
from csworkspace.jobs import ledger
from csworkspace.jobs.actions import jobs_inline, retry_job, start_job, tidy_jobs
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import LeaseLost, Run, run_job
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces
from tests.csworkspace.jobs import kinds  # noqa: F401 (registers the kinds)
from tests.kit import BY


def make(**values) -> Job:
    return Job.objects.create(kind="test.coalesce", title="t", actor="a", args={"name": "n"}, **values)


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_claim_only_due_and_abandoned_jobs(here):
    due, later = make(), make(run_after=timezone.now() + timedelta(minutes=1))
    assert ledger.claim(due.pk, release_key=False) == 1
    assert ledger.claim(due.pk, release_key=False) is None
    assert ledger.claim(later.pk, release_key=False) is None
    expire(due)
    assert ledger.claim(due.pk, release_key=False) == 2
    Job.objects.filter(pk=due.pk).update(attempts=5)
    expire(due)
    assert ledger.claim(due.pk, release_key=False) is None, "no attempts left: the reaper buries it"
    assert ledger.reap() == []
    due.refresh_from_db()
    assert (due.status, due.error) == ("dead", "The worker stopped 5 times in the middle of this job.")


def test_old_token_changes_nothing(here):
    job = make()
    old = ledger.claim(job.pk, release_key=False)
    expire(job)
    new = ledger.claim(job.pk, release_key=False)
    assert ledger.hold(job.pk, old, 50, "old") is False
    assert ledger.succeed(job.pk, old, {"who": "old"}) is False
    assert ledger.fail(job.pk, old, "old", delay=0, final=True) is None
    assert ledger.hold(job.pk, new, 50, "half\x00way \ud800") is True
    assert ledger.succeed(job.pk, new, {"who": "new\x00"}) is True
    job.refresh_from_db()
    assert (job.status, job.percent, job.result, job.message) == ("succeeded", 100, {"who": "new"}, "")


def test_failing_waits_longer_each_time_then_is_dead(here):
    job = make(max_attempts=2)
    token = ledger.claim(job.pk, release_key=False)
    assert ledger.fail(job.pk, token, "bad\x00", delay=30, final=False) == "queued"
    job.refresh_from_db()
    assert (job.error, job.run_after > timezone.now() + timedelta(seconds=25)) == ("bad", True)
    assert ledger.reap() == []
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert ledger.reap() == [job.pk]
    assert ledger.reap() == [], "sent a moment ago"
    token = ledger.claim(job.pk, release_key=False)
    assert ledger.fail(job.pk, token, "bad", delay=30, final=False) == "dead"


def test_a_key_makes_one_unfinished_job(here):
    first = start_job("test.slow", "t", by=BY, key="acme", folder="/tmp", name="a")
    assert start_job("test.slow", "t", by=BY, key="acme", folder="/tmp", name="b").pk == first.pk
    assert start_job("test.slow", "t", by=BY, key="other", folder="/tmp", name="b").pk != first.pk
    ledger.claim(first.pk, release_key=False)
    assert start_job("test.slow", "t", by=BY, key="acme", folder="/tmp", name="c").pk == first.pk
    again = start_job("test.coalesce", "t", by=BY, key="acme", name="d")
    ledger.claim(again.pk, release_key=True)
    assert start_job("test.coalesce", "t", by=BY, key="acme", name="e").pk != again.pk, (
        "one may wait meanwhile"
    )


def test_retry_is_for_failed_jobs_and_audited(here, django_capture_on_commit_callbacks):
    job = make(key="k")
    with pytest.raises(ValueError, match="Only a failed job"):
        retry_job(job, by=BY)
    Job.objects.filter(pk=job.pk).update(status="dead", attempts=5, error="e")
    newer = make(key="k")
    with pytest.raises(ValueError, match="waiting already"):
        retry_job(job, by=BY)
    newer.delete()
    with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
        retry_job(job, by=BY)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error) == ("succeeded", 1, "")
    assert list(AuditEntry.objects.filter(object_type="job").values_list("verb", flat=True)) == ["retried"]


def test_unknown_kind_is_a_failure_not_a_loop(here):
    job = Job.objects.create(kind="of.tomorrow", title="t", actor="a", max_attempts=1)
    assert run_job(here.workspace.pk, job.pk) == "dead"
    job.refresh_from_db()
    assert job.error == "LookupError: this worker does not know the kind of job 'of.tomorrow'"


def test_tidy_removes_old_good_jobs_only(here):
    old = timezone.now() - timedelta(days=91)
    make(status="succeeded", finished_at=old)
    kept = [
        make(status="dead", finished_at=old),
        make(status="succeeded", finished_at=timezone.now()),
        make(),
    ]
    assert tidy_jobs(90) == 1
    assert list(Job.objects.order_by("id").values_list("pk", flat=True)) == [job.pk for job in kept]


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_one_job_end_in_one_result(tmp_path):
    with transaction.atomic():
        home = create_workspace("Home", "home").pk
        job = Job.objects.create(
            kind="test.slow",
            title="t",
            actor="a",
            args={"folder": str(tmp_path), "name": "once", "seconds": 0.4},
        )
    outcomes = in_threads(lambda: run_job(home, job.pk), 4)
    assert sorted(outcomes, key=str) == [None, None, None, "succeeded"]
    with open_workspace(home):
        assert list(StoredFile.objects.values_list("name", flat=True)) == ["once"]


@pytest.mark.django_db(transaction=True)
def test_what_an_outrun_attempt_wrote_is_not_kept(tmp_path):
    with transaction.atomic():
        home = create_workspace("Home", "home").pk
        job = make()
    with open_workspace(home):
        token = ledger.claim(job.pk, release_key=False)
        slow = Run(job, token)
    with open_workspace(home):
        expire(job)
    assert run_job(home, job.pk) == "succeeded"
    with pytest.raises(LeaseLost), slow.step():
        StoredFile.objects.create(name="late", content=b"", content_type="", size=0, sha256="")
    with open_workspace(home):
        assert list(StoredFile.objects.values_list("name", flat=True)) == ["n"]


@pytest.mark.django_db(transaction=True)
def test_a_joined_job_waits_for_what_is_being_written():
    """Otherwise the run could read before the commit, and nobody would run again after it."""
    with transaction.atomic():
        home = create_workspace("Home", "home").pk
        waiting = start_job("test.coalesce", "t", by=BY, key="k", name="seen")
    claimed = []
    with open_workspace(home):
        assert start_job("test.coalesce", "t", by=BY, key="k", name="x").pk == waiting.pk
        thread = threading.Thread(target=lambda: claimed.append(run_and_close(home, waiting.pk)))
        thread.start()
        thread.join(0.5)
        assert claimed == [], "the claim waits for this transaction"
    thread.join(5)
    assert claimed == ["succeeded"]


def run_and_close(home: int, pk: int):
    try:
        return run_job(home, pk)
    finally:
        connection.close()


def in_threads(act, count: int) -> list:
    results: list = []

    def body() -> None:
        try:
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_a_task_without_a_workspace_sees_and_writes_nothing(here):
    from django.db.utils import ProgrammingError

    from csworkspace.tenancy.database import set_local

    make()
    set_local(workspace="")
    assert list(Job.objects.all()) == []
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        make()
    assert here.workspace.pk in [ref.id for ref in across_workspaces("test")]
