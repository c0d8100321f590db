"""What this concept puts into the slots of the floors below."""

from csworkspace.web.slots import Tab, add_tab


def register() -> None:
    """Called once when the program starts."""
    add_tab("settings", Tab("Tiers", "tiers", 15))
