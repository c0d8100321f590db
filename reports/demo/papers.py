"""The reports of the demo company for the last complete quarter."""

from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef
from reports.reports.actions import edit_commentary, issue_report, request_report
from reports.reports.models import Report, ReportKind
from reports.reports.periods import default_period

ISSUED = (
    ("Brightwell Energy", ReportKind.QBR),
    ("Brightwell Energy", ReportKind.PROGRESS),
    ("Atelier Thermique", ReportKind.QBR),
    ("Northgate Facilities", ReportKind.PROGRESS),
)
DRAFTS = (("Meridian Lifts", ReportKind.QBR),)
WORDS = {
    "Brightwell Energy": {
        "summary": "A strong quarter. Six depots now close their jobs in the app, and **fewer than one site "
        "in four** is visited twice. The dispatch rules carry the routine; what remains for the planners is "
        "the work that needs a planner.",
        "next": "Two things stand between here and the goal: the ERP hand-over, which needs a decision from "
        "your IT by the end of next month, and the two northern depots, where we propose half a day on site.",
    },
    "Atelier Thermique": {
        "summary": "Planning has become quicker every month without any change in the service your customers "
        "see. The heating season will be the test.",
    },
}


def write_reports(workspace: WorkspaceRef, by: Actor) -> None:
    """Request, comment and issue the reports, each once; one stays a draft."""
    for name, kind in (*ISSUED, *DRAFTS):
        report = requested(workspace, name, kind, by)
        if report is None:
            continue
        with open_workspace(workspace.id):
            if name in WORDS:
                edit_commentary(report, WORDS[name], by=by)
            if (name, kind) in ISSUED:
                issue_report(report, by=by)


def requested(workspace: WorkspaceRef, name: str, kind: str, by: Actor) -> Report | None:
    """A draft with its numbers; None if the report was issued before."""
    with open_workspace(workspace.id):
        account = Account.objects.get(name=name)
        period = default_period(today()).key
        if Report.objects.filter(Q(account=account, kind=kind), issued_at__isnull=False).exists():
            return None
        report = request_report(account, kind, period, by=by)
    with open_workspace(workspace.id):
        report.refresh_from_db()
    return report
