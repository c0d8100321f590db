"""What this concept puts into the slots of the floors below."""

from accounts.book.bulk_slots import add_bulk_job
from csworkspace.web.slots import Tab, add_tab
from playbooks.indicators.documents import register_documents
from playbooks.myday.providers import Provider, add_provider
from reports.reports import jobs as jobs
from reports.reports.bulk import DRAFT_QBRS
from reports.reports.drafts import ready_drafts

# The customer's page of a report is named by its route and id, as visits name it.
ISSUED = """
select id, account_id, (issued_at at time zone %(zone)s)::date as issued_on,
    case kind when 'qbr' then 'Business review ' else 'Value-progress report ' end || period as title,
    'portal_report' as page
from reports_report where issued_at is not null and issued_at < %(until)s
"""


def register() -> None:
    """Called once when the program starts."""
    add_bulk_job(DRAFT_QBRS)
    add_provider(Provider("draft reports", ready_drafts))
    register_documents(ISSUED)
    add_tab("account", Tab("Reports", "account_reports", 60))
