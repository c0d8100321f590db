"""A file that is refused as a whole."""


class FileRefused(ValueError):
    """A file or a mapping that cannot be read at all; the sentence says why and what to do."""
