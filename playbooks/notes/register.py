"""What this concept puts into the slots of the floors below."""


def register() -> None:
    """Fill the slots; called once at start."""
