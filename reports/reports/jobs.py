"""The jobs of reports. Each may run twice and has one result."""

from typing import Any

from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run
from reports.reports.actions import (
    DRAFT_JOB,
    ISSUE_JOB,
    WRITE_JOB,
    ReportFrozen,
    freeze_report,
    request_missing,
    write_numbers,
)
from reports.reports.models import Report
from reports.reports.periods import PeriodError

# Accounts whose drafts are asked for in one transaction.
PART = 20
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


@job(DRAFT_JOB, stepwise=True)
def draft_reports(run: Run, account_ids: list[int], report_kind: str, period: str) -> dict[str, Any]:
    """Ask for a report of each account, a few at a time; who has one of the period is passed over."""
    asked = 0
    for start in range(0, len(account_ids), PART):
        part = account_ids[start : start + PART]
        with run.step():
            try:
                asked += request_missing(part, report_kind, period, by=run.by)
            except PeriodError as error:
                raise JobRefused(str(error)) from None
        done = start + len(part)
        run.progress(100 * done / len(account_ids), f"{done:,} of {len(account_ids):,} accounts")
    return {"accounts": len(account_ids), "new_drafts": asked}
