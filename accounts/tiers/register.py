"""What this concept puts into the slots of the floors below."""

from csworkspace.palette.slots import FurtherPage, add_page
from csworkspace.people.access import Needs
from csworkspace.web.slots import Tab, add_tab


def register() -> None:
    """Called once when the program starts."""
    add_tab("settings", Tab("Tiers", "tiers", 15))
    add_page(FurtherPage("Tier templates", "tier_templates", Needs.MANAGE, "Tiers"))
    add_page(FurtherPage("Services catalogue", "catalogue", Needs.MANAGE, "Tiers"))
