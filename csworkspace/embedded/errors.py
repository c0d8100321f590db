"""The one exception of this package: its text is meant for the person at the terminal."""


class EmbeddedError(RuntimeError):
    """An embedded service cannot be used; the message says why and what to do."""
