"""What this concept puts into the slots of the floors below."""

from accounts.tiering import jobs as jobs
from csworkspace.palette.slots import FurtherPage, add_page
from csworkspace.people.access import Needs
from csworkspace.web.slots import Tab, add_tab


def register() -> None:
    """Called once when the program starts."""
    add_tab("account", Tab("Tier", "account_tier", 60))
    add_page(FurtherPage("Suggested tiers", "tier_suggestions", Needs.MANAGE, "Tiers", "pareto proposal"))
