"""Running a block as the owner role: migrations only."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections


@contextmanager
def as_owner() -> Iterator[None]:
    """Point the default connection at OWNER_DATABASE_URL for the block."""
    connection = connections["default"]
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(
        {key: settings.OWNER_DATABASE[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
