"""What this concept puts into the slots of the floors below."""

from accounts.tiering import jobs as jobs
from csworkspace.web.slots import Tab, add_tab


def register() -> None:
    """Called once when the program starts."""
    add_tab("account", Tab("Tier", "account_tier", 60))
