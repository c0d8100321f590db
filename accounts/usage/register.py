"""What this concept puts into the slots of the floors below."""

from accounts.usage import jobs as jobs
from csworkspace.events.registry import on_event


def register() -> None:
    """Called once when the program starts."""
    on_event("accounts.changed", kind="resolve events", title="Assign waiting events to their accounts")
