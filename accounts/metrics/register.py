"""What this concept puts into the slots of the floors below."""

from accounts.metrics import jobs as jobs


def register() -> None:
    """Called once when the program starts."""
