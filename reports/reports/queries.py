"""Reads about reports, as pages print them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from csworkspace.web.formats import file_size
from csworkspace.web.times import moment
from reports.reports.models import Report

MOST = 100


@dataclass(frozen=True)
class ReportRow:
    """A line of the list of reports."""

    id: int
    title: str
    period: str
    status: str
    label: str
    made: str
    issued: str
    size: str


def reports_of(account_id: int, zone: str, *, issued_only: bool = False) -> list[ReportRow]:
    """An account's reports, newest first; one query."""
    found = Report.objects.filter(account_id=account_id)
    if issued_only:
        found = found.filter(issued_at__isnull=False)
    shown = found.select_related("pdf", "job").defer("snapshot", "commentary", "pdf__content")
    return [_row(report, zone) for report in shown.order_by("-id")[:MOST]]


def accounts_with(account_ids: Sequence[int], kind: str, period: str) -> list[int]:
    """Which of these accounts have a report of a kind and period, issued or not; one query."""
    found = Report.objects.filter(account_id__in=account_ids, kind=kind, period=period)
    return sorted(set(found.values_list("account_id", flat=True)))


def _row(report: Report, zone: str) -> ReportRow:
    status, label = _status(report)
    return ReportRow(
        id=report.pk,
        title=report.get_kind_display(),
        period=report.period,
        status=status,
        label=label,
        made=moment(report.created_at, zone),
        issued=moment(report.issued_at, zone) if report.issued_at else "",
        size=file_size(report.pdf.size) if report.pdf else "",
    )


def _status(report: Report) -> tuple[str, str]:
    if report.issued_at:
        return "issued", "Issued"
    if report.job and report.job.status == "dead":
        return "failed", "Failed"
    if report.job and not report.job.is_finished:
        return "running", "In progress"
    return "draft", "Draft"


def get_reports() -> QuerySet[Report]:
    """Reports with account and job but without the PDF's bytes, for `get_object_or_404`."""
    return Report.objects.select_related("account", "job")


def issued_reports() -> QuerySet[Report]:
    """What customers may see."""
    return get_reports().filter(issued_at__isnull=False)


def pdf_bytes(report: Report) -> bytes:
    """The stored PDF of an issued report."""
    file: Any = report.pdf
    return bytes(file.content)
