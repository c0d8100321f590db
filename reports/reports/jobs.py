"""The jobs of reports. Each may run twice and has one result."""

from typing import Any

from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run
from reports.reports.actions import ISSUE_JOB, WRITE_JOB, ReportFrozen, freeze_report, write_numbers
from reports.reports.models import Report

GONE = "The report was discarded before this could be done."


@job(WRITE_JOB)
def write_report(run: Run, report: int) -> dict[str, Any]:
    """Put the numbers of a draft together."""
    run.progress(10, "Reading plan, measurements and use")
    try:
        written = write_numbers(Report.objects.get(pk=report))
    except Report.DoesNotExist:
        raise JobRefused(GONE) from None
    except ReportFrozen as error:
        raise JobRefused(str(error)) from None
    return {"report": written.pk}


@job(ISSUE_JOB)
def issue(run: Run, report: int) -> dict[str, Any]:
    """Freeze a report's content and set it as PDF."""
    run.progress(20, "Setting the pages")
    try:
        issued = freeze_report(Report.objects.get(pk=report), by=run.by)
    except Report.DoesNotExist:
        raise JobRefused(GONE) from None
    return {"report": issued.pk, "sha256": issued.content_sha256}
