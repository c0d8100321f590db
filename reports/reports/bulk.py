"""Drafting the business reviews of many accounts, started from the book."""

from collections.abc import Sequence
from typing import Any

from accounts.book.bulk_slots import BulkJob
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.tenancy.clock import today
from csworkspace.web import formats
from reports.reports.actions import DRAFT_JOB
from reports.reports.forms import PeriodForm
from reports.reports.models import ReportKind
from reports.reports.queries import accounts_with


def period_form(*args: Any, **options: Any) -> PeriodForm:
    """The form with the workspace's day."""
    return PeriodForm(*args, today=today(), **options)


def start_drafts(account_ids: Sequence[int], *, by: Actor, period: str) -> Job:
    """Start the job that asks for the drafts."""
    title = f"Draft QBRs on {period} for {formats.plural(len(account_ids), 'account')}"
    args = {"account_ids": list(account_ids), "report_kind": ReportKind.QBR.value, "period": period}
    return start_job(DRAFT_JOB, title, by=by, **args)


def already_there(account_ids: Sequence[int], *, period: str) -> dict[str, list[int]]:
    """The accounts that would be passed over, under the reason."""
    have = accounts_with(account_ids, ReportKind.QBR, period)
    return {f"has a QBR on {period} already": have} if have else {}


DRAFT_QBRS = BulkJob(
    name="qbrs",
    label="Draft QBRs for a period",
    note="A draft is made for each account. An account that has a QBR of the period is passed over.",
    start=start_drafts,
    form=period_form,
    passed=already_there,
)
