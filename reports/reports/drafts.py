"""Drafts that are ready to issue, for the day of whoever owns the account."""

from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind
from reports.reports.models import Report, ReportKind

NAMES = {ReportKind.QBR: "QBR", ReportKind.PROGRESS: "progress report"}


def ready_drafts(view: Viewpoint) -> list[Item]:
    """Generated and not issued, the oldest first; one query."""
    found = Report.objects.filter(issued_at=None, generated_at__isnull=False)
    if view.owner_id is not None:
        found = found.filter(account__owner_id=view.owner_id)
    rows = found.order_by("generated_at", "id").values_list("pk", "account_id", "kind", "period")
    return [
        Item(
            key=f"report-{pk}",
            kind=Kind.READY,
            account_id=account_id,
            reason=f"Draft {NAMES[ReportKind(kind)]} {period} is ready to issue",
            step=view.link("Open the draft", "report", pk),
        )
        for pk, account_id, kind, period in rows[:CAP]
    ]
