"""A report made by a real worker that is killed in the middle: one draft, one issue, one PDF."""

import pytest
from django.db import transaction

from csworkspace.audit.models import AuditEntry
from csworkspace.files.models import StoredFile
from csworkspace.jobs.models import Job
from csworkspace.tenancy.database import open_workspace
from reports.reports import actions
from reports.reports.models import Report
from tests.csworkspace.jobs.test_workers import Worker, wait
from tests.csworkspace.jobs.test_workers import worker as worker
from tests.kit import BY, make_world
from tests.reports.story import make_story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def status_of(workspace: int, pk: int) -> str:
    with open_workspace(workspace):
        return Job.objects.get(pk=pk).status


def test_a_killed_worker_leaves_one_issued_report(worker: Worker) -> None:
    with transaction.atomic():
        world = make_world("northwind")
        make_story(world.account)
    home = world.workspace.pk
    with open_workspace(home):
        report = actions.request_report(world.account, "qbr", "2026-Q3", by=BY)
    wait(lambda: status_of(home, report.job_id) == "succeeded", 60)
    with open_workspace(home):
        job = actions.issue_report(report, by=BY)
    wait(lambda: status_of(home, job.pk) == "running", 60)
    worker.kill()
    with open_workspace(home):
        assert Report.objects.get().issued_at is None
        assert StoredFile.objects.count() == 0
    worker.start()
    wait(lambda: status_of(home, job.pk) == "succeeded", 90)
    with open_workspace(home):
        issued = Report.objects.select_related("pdf").get()
        assert [file.pk for file in StoredFile.objects.all()] == [issued.pdf_id]
        assert AuditEntry.objects.filter(verb="issued").count() == 1
        assert Job.objects.get(pk=job.pk).attempts == 2
        assert actions.pdf_of(issued).content == bytes(issued.pdf.content)
