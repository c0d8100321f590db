"""What this concept puts into the slots of the floors below."""

from csworkspace.web.slots import Tab, add_tab
from reports.reports import jobs as jobs


def register() -> None:
    """Called once when the program starts."""
    add_tab("account", Tab("Reports", "account_reports", 60))
