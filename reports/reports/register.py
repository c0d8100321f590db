"""What this concept puts into the slots of the floors below."""


def register() -> None:
    """Fill the slots and listen to events; called once at start."""
