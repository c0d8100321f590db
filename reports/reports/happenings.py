"""Reports on the timeline: those that were issued."""

from datetime import datetime
from typing import Any, NamedTuple

from csworkspace.web.urls import workspace_url
from playbooks.timeline.reading import newest
from playbooks.timeline.sources import Happening, Place, TimelineSource
from reports.reports.models import ReportKind

TOLD = """
select issued_at as at, 'report ' || id as key, id as pk, kind, period, issued_by
from reports_report where account_id = %s and issued_at is not null
"""


class Row(NamedTuple):
    """A report that was issued."""

    at: datetime
    key: str
    pk: int
    kind: str
    period: str
    issued_by: str


def find_reports(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """Reports that the customer can read; one query."""
    return [
        Happening(
            row.at,
            row.key,
            f"{ReportKind(row.kind).label} {row.period} issued",
            by=row.issued_by,
            url=workspace_url(request, "report", row.pk),
        )
        for row in newest(Row, TOLD, [account_id], before, limit)
    ]


REPORTS = TimelineSource("reports", "Reports", find_reports, order=45, word="Report", icon="report")
