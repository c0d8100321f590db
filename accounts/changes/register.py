"""What this concept puts into the slots of the floors below."""

from importlib import import_module


def register() -> None:
    """Called once when the program starts."""
    import_module("accounts.changes.jobs")
