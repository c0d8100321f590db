"""What this concept puts into the slots of the floors below."""

from csworkspace.web.slots import Tab, add_tab
from playbooks.timeline.accounts import SOURCES
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots; called once at start."""
    add_tab("account", Tab("Timeline", "account_timeline", 12))
    for source in SOURCES:
        add_timeline(source)
