"""Storing a file."""

import hashlib

from csworkspace.files.models import StoredFile


def store_file(name: str, content: bytes, content_type: str) -> StoredFile:
    """Store a file in the open workspace; the name is kept for display only."""
    return StoredFile.objects.create(
        name=name.replace("\x00", "")[-200:],
        content=content,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
