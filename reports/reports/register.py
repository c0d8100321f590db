"""What this concept puts into the slots of the floors below."""

from csworkspace.web.slots import Tab, add_tab
from playbooks.myday.providers import Provider, add_provider
from reports.reports import jobs as jobs
from reports.reports.drafts import ready_drafts


def register() -> None:
    """Called once when the program starts."""
    add_provider(Provider("draft reports", ready_drafts))
    add_tab("account", Tab("Reports", "account_reports", 60))
