"""What this concept puts into the slots of the floors below."""


def register() -> None:
    """Called once when the program starts."""
