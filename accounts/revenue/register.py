"""What this concept puts into the slots of the floors below."""

from accounts.revenue import jobs as jobs
from csworkspace.events.registry import on_event
from csworkspace.web.slots import Tab, add_tab


def register() -> None:
    """Called once when the program starts."""
    add_tab("settings", Tab("Currencies", "currencies", 17))
    on_event(
        "workspace.currency_changed", kind="revenue.currency", title="Compare amounts in the new currency"
    )
