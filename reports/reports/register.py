"""What this concept puts into the slots of the floors below."""

from accounts.book.bulk_slots import add_bulk_job
from csworkspace.web.slots import Tab, add_tab
from playbooks.myday.providers import Provider, add_provider
from playbooks.timeline.sources import add_timeline
from reports.reports import jobs as jobs
from reports.reports.bulk import DRAFT_QBRS
from reports.reports.drafts import ready_drafts
from reports.reports.happenings import REPORTS


def register() -> None:
    """Called once when the program starts."""
    add_timeline(REPORTS)
    add_bulk_job(DRAFT_QBRS)
    add_provider(Provider("draft reports", ready_drafts))
    add_tab("account", Tab("Reports", "account_reports", 60))
